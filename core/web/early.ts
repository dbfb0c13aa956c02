/** Answers that were asked for while the page's own code was still on its way: on a slow line the two then travel together. */
const begun = new Map<string, Promise<Response>>()

export function fetchEarly(path: string, world: string | null): void {
  const answer = fetch(path, {
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(world ? { 'concord-world': world } : {}) },
  })
  answer.catch(() => {})
  begun.set(path, answer)
}

/** The early answer, once: whoever asks again asks the server. */
export function takeEarly(path: string): Promise<Response> | undefined {
  const answer = begun.get(path)
  begun.delete(path)
  return answer
}
