import { newKey, sendCommand } from './client.ts'
import { ProblemError } from './problem-error.ts'

/** The browser's side of passkeys. Fetched when it is needed: nobody who only reads has use for it. */
const ceremony = () => import('@simplewebauthn/browser')

const send = <T>(path: string, input: unknown) => sendCommand(path, input, newKey()) as Promise<T>

export const knowsPasskeys = (): boolean => typeof PublicKeyCredential === 'function'

/** The device said no, or the person did: nothing was sent. */
const cancelled = (error: unknown): ProblemError => (error instanceof ProblemError ? error : new ProblemError('not-allowed', ''))

type Begin = Awaited<ReturnType<typeof ceremony>>
type Asked = Parameters<Begin['startAuthentication']>[0]['optionsJSON']
type AskedToMake = Parameters<Begin['startRegistration']>[0]['optionsJSON']

async function answer(ask: string, then: string): Promise<void> {
  const optionsJSON = await send<Asked>(ask, {})
  const given = await (await ceremony()).startAuthentication({ optionsJSON }).catch((error: unknown) => Promise.reject(cancelled(error)))
  await send(then, { answer: given })
}

/** Signs in with whichever passkey the person chooses. Throws ProblemError ('not-allowed' without words: they cancelled). */
export const signInWithPasskey = (): Promise<void> => answer('/api/sign-in/passkey/ask', '/api/sign-in/passkey')

/** The step-up before a grave act: this person's passkey again. Afterwards the deed can be sent again. Throws ProblemError. */
export const stepUp = (): Promise<void> => answer('/api/sign-in/step-up/ask', '/api/sign-in/step-up')

/** Makes a passkey on this device; one of duress stands there under this very name. Throws ProblemError. */
export async function makePasskey(name: string, duress = false): Promise<void> {
  const optionsJSON = await send<AskedToMake>('/api/sign-in/passkeys/ask', duress ? { duressAs: name } : {})
  const made = await (await ceremony()).startRegistration({ optionsJSON }).catch((error: unknown) => Promise.reject(cancelled(error)))
  await send('/api/sign-in/passkeys', { answer: made, name, duress })
}
