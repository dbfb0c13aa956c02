import { SMTPServer } from 'smtp-server'

/**
 * An SMTP sink in a process of its own. Counts what it is given; of every so many mails that carry a link, one comes back as an acceptance on the
 * page behind it, as a person would answer. Answers `figures` with its counts and the moments of its first and last mail; `reset` begins anew.
 */
let count = 0
let links = 0
let first = 0
let last = 0
let accepted = 0
let refused = 0
let answering = 0
let oneIn = 0
const queue: string[] = []

function answerNext(): void {
  // A few people at a time: what is measured is the sending.
  while (answering < 4 && queue.length > 0) {
    answering += 1
    void fetch(queue.shift()!, { method: 'POST', body: new URLSearchParams({ answer: 'accepted' }), redirect: 'manual' })
      .then((response) => {
        if (response.status === 303) accepted += 1
        else refused += 1
      })
      .catch(() => {
        refused += 1
      })
      .finally(() => {
        answering -= 1
        answerNext()
      })
  }
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  maxClients: 200,
  logger: false,
  onData: (stream, _session, done) => {
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => {
      const now = performance.timeOrigin + performance.now()
      if (count === 0) first = now
      last = now
      count += 1
      const link = /http:\/\/\S+\/a\/[\w-]+/.exec(Buffer.concat(parts).toString('latin1').replaceAll('=\r\n', ''))?.[0]
      if (link !== undefined) {
        links += 1
        if (oneIn > 0 && links % oneIn === 0) {
          queue.push(link)
          answerNext()
        }
      }
      done()
    })
  },
})
server.on('error', () => undefined)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.server.address() as { port: number }).port }))
process.on('message', (message: { do: 'reset' | 'figures' | 'end'; oneIn?: number }) => {
  if (message.do === 'end') process.exit(0)
  if (message.do === 'reset') {
    count = links = first = last = accepted = refused = 0
    oneIn = message.oneIn ?? 0
  }
  process.send?.({ count, links, first, last, accepted, refused })
})
