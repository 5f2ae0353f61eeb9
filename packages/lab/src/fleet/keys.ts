import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { seededBytes } from './seeded.ts'

export type NodeKeys = { readonly publicKey: string; readonly credential: string; readonly credentialSha256: string }

/** PKCS #8 of an X25519 private key is this and its 32 bytes (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** As secret as the seed: with it a fleet that is started again is the same machines. */
export function keysOf(seed: string, name: string): NodeKeys {
  const der = Buffer.concat([PKCS8, seededBytes(seed, 'private key', name)])
  const spki = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    type: 'spki',
    format: 'der',
  })
  const credential = `swn_${seededBytes(seed, 'credential', name).toString('hex')}`
  return {
    publicKey: spki.subarray(-32).toString('base64'),
    credential,
    credentialSha256: createHash('sha256').update(credential).digest('hex'),
  }
}
