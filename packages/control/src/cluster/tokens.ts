/** Tokens of k3s on their way from the server that made them to the machine that joins with them; shown to nobody. */
import type { Seal } from '../secrets.ts'

/** Minutes: a machine that waits for it fetches it within seconds. */
export const JOIN_TOKEN_SECONDS = 900

const PURPOSE = 'k3s token'

export const sealToken = (seal: Seal, token: string): Uint8Array<ArrayBuffer> => seal.encrypt(token, PURPOSE)

export const openToken = (seal: Seal, sealed: Uint8Array | null): string | null =>
  sealed === null ? null : seal.decrypt(sealed, PURPOSE)
