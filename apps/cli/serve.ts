import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startCity } from '#apps/server/start-city.ts'
import { type Config, dataFolder } from '#core/config.ts'

export interface Serving {
  demo: 'none' | 'load' | 'play'
  /** Play the exercise on the CAP messages of this folder instead of the demo's own. */
  from?: string
}

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Serves until it is told to stop (SIGINT, SIGTERM); then lets go of everything in order. */
export async function serve(config: Config, serving: Serving): Promise<void> {
  const log = { info: say, warn: (line: string) => process.stderr.write(`${line}\n`) }
  const city = await startCity(config, { demo: serving.demo !== 'none' }, log)
  const file = join(dataFolder(config), 'operator.json')
  await mkdir(dataFolder(config), { recursive: true })
  await writeFile(file, JSON.stringify({ url: city.url, token: city.operatorToken }), { mode: 0o600 })
  await chmod(file, 0o600)
  say(`Concord is at ${city.url}`)
  for (const line of city.firstLines) say(line)
  if (serving.demo === 'play')
    void city.play(serving.from).catch((error: unknown) => log.warn(error instanceof Error ? error.message : String(error)))
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  await city.stop()
}
