import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type KnownPasskey, openByPasskey, passkeyFor, putChallenge, takeChallenge } from '#core/access/sign-in/desk.ts'
import { windowName } from '#core/access/sign-in/rules.ts'
import * as store from '#core/access/sign-in/store.ts'
import { addDuressPasskey, secondSelf } from '#core/access/duress/store.ts'
import { requireSure } from '#core/access/sign-in/actions.ts'
import { hashOf, newKey } from '#core/access/key.ts'
import { invalid, notAllowed } from '#core/errors.ts'
import { id } from '#core/id.ts'
import { type Door, given, signedIn } from './door.ts'
import { enteringOf, giveCookie, ownAddress } from './session.ts'

/** Read when the first passkey comes: with what it stands on it is a seventh of all that a start reads. */
const passkeys = () => import('@simplewebauthn/server')

const Answer = z.looseObject({
  id: z.string().min(1).max(2000),
  response: z.looseObject({ clientDataJSON: z.string().min(1).max(4000) }),
})
const SignIn = z.object({ answer: Answer })
const Name = z.string().trim().min(1, 'Give it a name.').max(80)
/** A passkey of duress stands under a name of its own in the device's list, so that the two are told apart under pressure. */
const AskAdd = z.object({ duressAs: Name.optional() })
const Add = z.object({ answer: Answer, name: Name, duress: z.boolean().default(false) })

const refused = () =>
  notAllowed('This passkey was not accepted. Nothing was changed. Try again, use another passkey, or ask for a sign-in link.')

/** The challenge that the browser says it answered; whether it was ours and unused is for the database to say. */
function challengeOf(answer: z.infer<typeof Answer>): string {
  try {
    const said: unknown = JSON.parse(Buffer.from(answer.response.clientDataJSON, 'base64url').toString('utf8'))
    if (typeof said === 'object' && said !== null && 'challenge' in said && typeof said.challenge === 'string') return said.challenge
  } catch {
    // told below
  }
  throw invalid('answer', 'This is not the answer of a passkey. Nothing was changed.')
}

/** Passkeys: discoverable (no name is typed), with the person verified by their device, so one of them is as good as a step-up. */
export function passkeyRoutes(scope: FastifyInstance, door: Door): void {
  const { database, config, limits } = door
  const site = (request: FastifyRequest) => {
    const address = ownAddress(request, config)
    return { origin: address, rpID: new URL(address).hostname }
  }

  /** The new counter when the answer is this passkey's, undefined otherwise. */
  async function checked(request: FastifyRequest, answer: z.infer<typeof Answer>, known: KnownPasskey): Promise<number | undefined> {
    const { origin, rpID } = site(request)
    try {
      const { verified, authenticationInfo } = await (await passkeys()).verifyAuthenticationResponse({
        response: answer as unknown as AuthenticationResponseJSON,
        expectedChallenge: challengeOf(answer),
        expectedOrigin: origin,
        expectedRPID: rpID,
        // The counter is compared in the database, under a lock; here it would refuse without telling the person.
        credential: { id: answer.id, publicKey: new Uint8Array(known.publicKey), counter: 0, transports: known.transports },
        requireUserVerification: true,
      })
      return verified ? authenticationInfo.newCounter : undefined
    } catch {
      return undefined
    }
  }

  scope.post('/api/sign-in/passkey/ask', async (request) => {
    await limits.count('sign-in by address', request.ip)
    const options = await (await passkeys()).generateAuthenticationOptions({ rpID: site(request).rpID, userVerification: 'required' })
    await database.desk('access.askPasskey', (tx) => putChallenge(tx, hashOf(options.challenge), 'sign-in', {}))
    return options
  })

  scope.post('/api/sign-in/passkey', async (request, reply) => {
    await limits.count('sign-in by address', request.ip)
    const { answer } = given(SignIn, request.body)
    const challenge = hashOf(challengeOf(answer))
    const known = await database.desk('access.signIn', async (tx) =>
      (await takeChallenge(tx, challenge, 'sign-in')) === undefined ? undefined : passkeyFor(tx, answer.id),
    )
    const counter = known && (await checked(request, answer, known))
    const key = newKey()
    const name = windowName(request.headers['user-agent'] ?? '')
    const person =
      counter === undefined
        ? undefined
        : await database.desk('access.signIn', (tx) => openByPasskey(tx, answer.id, counter, hashOf(key), name))
    if (person === undefined) throw refused()
    await signedIn(door, request, reply, key)
    return { personId: person }
  })

  scope.post('/api/sign-in/passkeys/ask', async (request) => {
    const entering = enteringOf(request, config, 'access.askPasskey')
    const { duressAs } = given(AskAdd, request.body ?? {})
    const { rpID } = site(request)
    return database.change({
      entering,
      run: async ({ tx, actor }) => {
        await requireSure(tx)
        const owner = duressAs === undefined ? actor.personId : await secondSelf(tx)
        const options = await (await passkeys()).generateRegistrationOptions({
          rpName: (await store.city(tx)).name,
          rpID,
          userName: duressAs ?? actor.name,
          userDisplayName: duressAs ?? actor.name,
          userID: new Uint8Array(Buffer.from(owner.replaceAll('-', ''), 'hex')),
          attestationType: 'none',
          // One device may hold both: the ordinary passkey and that of duress.
          excludeCredentials:
            duressAs === undefined ? (await store.passkeys(tx)).map(({ credential, transports }) => ({ id: credential, transports })) : [],
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        })
        await store.askOwn(tx, hashOf(options.challenge), 'add-passkey')
        return { value: options }
      },
    })
  })

  scope.post('/api/sign-in/passkeys', async (request) => {
    const entering = enteringOf(request, config, 'access.addPasskey')
    await limits.count('sign-in by address', request.ip)
    const { answer, name, duress } = given(Add, request.body)
    const { origin, rpID } = site(request)
    const result = await (await passkeys())
      .verifyRegistrationResponse({
        response: answer as unknown as RegistrationResponseJSON,
        expectedChallenge: challengeOf(answer),
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
      })
      .catch(() => undefined)
    if (!result?.verified) throw refused()
    const { credential, credentialBackedUp } = result.registrationInfo
    const passkey = {
      id: id(),
      credential: credential.id,
      name,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      synced: credentialBackedUp,
    }
    await database.change({
      entering,
      run: async ({ tx }) => ({ value: await (duress ? addDuressPasskey : store.addPasskey)(tx, hashOf(challengeOf(answer)), passkey) }),
    })
    return { id: passkey.id, name }
  })

  scope.post('/api/sign-in/step-up/ask', async (request) => {
    const entering = enteringOf(request, config, 'access.askStepUp')
    return database.change({
      entering,
      run: async ({ tx }) => {
        const allowCredentials = (await store.passkeys(tx)).map(({ credential, transports }) => ({ id: credential, transports }))
        if (allowCredentials.length === 0)
          throw notAllowed('You have no passkey yet. Nothing was changed. Make one under your sign-in, then come back.')
        const options = await (await passkeys()).generateAuthenticationOptions({
          rpID: site(request).rpID,
          userVerification: 'required',
          allowCredentials,
        })
        await store.askOwn(tx, hashOf(options.challenge), 'step-up')
        return { value: options }
      },
    })
  })

  scope.post('/api/sign-in/step-up', async (request, reply) => {
    const entering = enteringOf(request, config, 'access.stepUp')
    await limits.count('sign-in by address', request.ip)
    const { answer } = given(SignIn, request.body)
    const known = await database.desk('access.stepUp', (tx) => passkeyFor(tx, answer.id))
    const counter = known && (await checked(request, answer, known))
    if (counter === undefined) throw refused()
    const key = newKey()
    const done = await database.change({
      entering,
      run: async ({ tx }) => ({ value: await store.stepUp(tx, hashOf(challengeOf(answer)), answer.id, counter, hashOf(key)) }),
    })
    if (!done) throw refused()
    giveCookie(reply, config, key)
    return { strong: true }
  })
}
