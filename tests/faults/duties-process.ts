import { startDuties } from '#areas/watch/testing.ts'
import { openDatabase } from '#core/db/tx.ts'

/** A server's timed duties and sender in a process of their own, to be killed. Settings come as JSON: { server, environment, leaseSeconds }. */
const { server, environment, leaseSeconds } = JSON.parse(process.argv[2] ?? '{}')
const database = await openDatabase(server, { connections: 6, lanes: 1 })
const duties = await startDuties(database, environment, { leaseSeconds })
process.send?.('ready')
process.on('message', async (message) => {
  if (message !== 'stop') return
  await duties.stop()
  await database.end()
  process.exit(0)
})
