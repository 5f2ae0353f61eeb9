/** Tokens of k3s on their way from the server that made them to the machine that joins with them; shown to nobody. */
import type { Seal } from '../secrets.ts'

const PURPOSE = 'k3s token'

export const sealToken = (seal: Seal, token: string): Uint8Array<ArrayBuffer> => seal.encrypt(token, PURPOSE)

export const openToken = (seal: Seal, sealed: Uint8Array | null): string | null =>
  sealed === null ? null : seal.decrypt(sealed, PURPOSE)
