import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/**
 * AES-256-GCM for what we must hand out again (tombstone proofs, later cluster tokens). `about` binds a sealed value to
 * its row: one moved to another row does not open.
 *
 *   1 version │ 12 nonce │ 16 tag │ ciphertext
 */
export interface Seal {
  seal(secret: string, about: string): Uint8Array<ArrayBuffer>
  /** Throws when the key is another, the value was changed, or it was sealed for something else. */
  open(sealed: Uint8Array, about: string): string
}

const VERSION = 1

/** `secret`: SPANWIRE_SECRET, of any length; the key is its SHA-256. */
export function makeSeal(secret: string): Seal {
  const key = createHash('sha256').update('spanwire seal 1\n').update(secret).digest()
  return {
    seal(plain, about) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return new Uint8Array(Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]))
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed)
      if (bytes.length < 29 || bytes[0] !== VERSION) throw new Error('not a sealed value of a version known here')
      const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13)).setAAD(Buffer.from(about))
      cipher.setAuthTag(bytes.subarray(13, 29))
      return Buffer.concat([cipher.update(bytes.subarray(29)), cipher.final()]).toString('utf8')
    },
  }
}
