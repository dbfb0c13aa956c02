export type XmlRefusalReason = 'too-large' | 'doctype' | 'not-xml' | 'too-complex'

/** Thrown by the gate when bytes may not be opened. `reason` is for code, `message` for people; neither quotes the content. */
export class XmlRefusal extends Error {
  readonly reason: XmlRefusalReason

  constructor(reason: XmlRefusalReason, message: string) {
    super(message)
    this.name = 'XmlRefusal'
    this.reason = reason
  }
}
