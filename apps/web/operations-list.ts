import { ProblemError, problemFrom } from '#core/web/problem-error.ts'

export interface Listed {
  name: string
  summary: string
  acts: boolean
  open: boolean
  /** Kinds of post, any one of which is enough; none where no post is needed. */
  kinds: string[]
  command: string
}

interface Described {
  operationId: string
  summary: string
  'x-who': string | string[]
}

/** What the signed-in person may do, from `/openapi.json?mine`. Errors: ProblemError. */
export async function readOperations({ signal }: { signal: AbortSignal }): Promise<Listed[]> {
  const answer = await fetch('/openapi.json?mine', { credentials: 'same-origin', signal }).catch(() => {
    throw new ProblemError('no-contact', '')
  })
  const body = (await answer.json().catch(() => undefined)) as { paths?: Record<string, Record<string, Described>> } | undefined
  if (!answer.ok || !body?.paths) throw problemFrom(answer.status, body)
  return Object.entries(body.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: operation.operationId,
      summary: operation.summary,
      acts: method === 'post',
      open: operation['x-who'] === 'anyone',
      kinds: Array.isArray(operation['x-who']) ? operation['x-who'].map((kind) => kind.replaceAll('-', ' ')) : [],
      command: `concord ${path.replace('/api/', '').replace('/', ' ')}`,
    })),
  )
}
