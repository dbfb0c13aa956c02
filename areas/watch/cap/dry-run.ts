import { readFile, stat } from 'node:fs/promises'
import { DEFAULT_MAX_XML_BYTES } from '#core/xml/gate.ts'
import type { FileVerdict } from './contract.ts'
import { type JudgeOptions, judgeFile } from './judge.ts'

export type DryRunOutput = { line: (text: string) => void; error: (text: string) => void }

const CONSOLE: DryRunOutput = { line: (text) => process.stdout.write(`${text}\n`), error: (text) => process.stderr.write(`${text}\n`) }

/**
 * `concord watch ingest FILE… --dry-run --json`: judges each file alone, without a server, and prints one line of JSON for each, in order.
 * Resolves to the exit code: 0 when every file was judged (whatever the judgement), 1 when a path could not be read; the others are still judged.
 */
export async function dryRun(files: string[], options: JudgeOptions = {}, output: DryRunOutput = CONSOLE): Promise<number> {
  let code = 0
  for (const file of files) {
    try {
      const verdict = await judgePath(file, options)
      output.line(JSON.stringify(verdict))
    } catch (error) {
      code = 1
      output.error(
        `${file}: could not be judged (${error instanceof Error ? error.message : 'unknown error'}). The other files are not affected.`,
      )
    }
  }
  return code
}

/* A file over the limit is not read at all. */
async function judgePath(file: string, options: JudgeOptions): Promise<FileVerdict> {
  const limit = options.maxBytes ?? DEFAULT_MAX_XML_BYTES
  const { size } = await stat(file)
  if (size > limit) return { file, outcome: 'refused', reasons: [`It is ${size} bytes long; the limit is ${limit} bytes.`], alerts: [] }
  return judgeFile(file, await readFile(file), options).verdict
}
