/** What the hub needs of a connection: a `net.Socket` or `tls.TLSSocket` is one. */
export type Connection = {
  readonly destroyed: boolean
  /** Bytes taken but not yet handed to the system. */
  readonly writableLength: number
  write: (bytes: Buffer) => unknown
  end: () => unknown
  destroy: () => unknown
  /** Closes and throws away what the system has not sent; sockets that are not plain TCP refuse. */
  resetAndDestroy?: () => unknown
  on: (event: 'close' | 'error', listener: () => void) => unknown
}

/** Ends a viewer at once: bytes that wait in this process, and as far as the system allows those that wait in its buffers, are dropped. */
export const cut = (connection: Connection): void => {
  if (connection.destroyed) return
  try {
    if (connection.resetAndDestroy) {
      connection.resetAndDestroy()
      return
    }
  } catch {
    // A TLS socket cannot be reset; destroying it is all there is.
  }
  connection.destroy()
}
