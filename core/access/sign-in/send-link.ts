import type { Channels } from '#core/channels/delivery.ts'
import { composeMessage } from '#core/channels/compose.ts'

/** To whom a link goes; `key` is the same for the same link, so that a mail sent twice is one mail. */
export interface LinkFor {
  mail: string
  language: string
  city: string
  key: string
}

/** Sends a sign-in link by the city's live mail channel. `simulated` where there is none. Never throws. */
export const linkSender =
  (channels: Pick<Channels, 'send'>, callBack: string) =>
  async ({ mail, language, city, key }: LinkFor, link: string) =>
    (
      await channels.send(
        composeMessage(
          { key, channel: 'mail', to: mail },
          { kind: 'sign-in', language: language === 'fr' ? 'fr' : 'en', city, link, callBack, world: { kind: 'live', name: '' } },
        ),
      )
    ).state
