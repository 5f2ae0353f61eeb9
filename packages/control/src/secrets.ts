import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { invariant } from '@spanwire/mesh/invariant'

/** join, API key, tombstone proof, invitation of a person. Node credentials (`swn_`) are made by nodes. */
export type TokenPrefix = 'swj' | 'swk' | 'swt' | 'swi'

/** 256 random bits with a prefix that secret scanners and people recognise. */
export function makeToken(prefix: TokenPrefix, random: (bytes: number) => Uint8Array): string {
  return `${prefix}_${Buffer.from(random(32)).toString('base64url')}`
}

/** Tokens have 256 bits of their own, so a plain hash is as good as a slow one. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest())
}

/** Secrets that have to be handed out again are kept encrypted. `purpose` is bound to the text: no row's secret opens as another's. */
export type Seal = {
  encrypt(plain: string, purpose: string): Uint8Array<ArrayBuffer>
  decrypt(sealed: Uint8Array, purpose: string): string
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM: initialisation vector, tag, text. */
export function makeSeal(secret: string): Seal {
  invariant(secret.length >= 32, 'the secret has 32 characters at least')
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'spanwire seal 1', 32))
  return {
    encrypt(plain, purpose) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose))
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), text]))
    },
    decrypt(sealed, purpose) {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}
