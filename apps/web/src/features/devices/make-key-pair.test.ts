import { createPrivateKey, createPublicKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { byLibrary, makeKeyPair } from './make-key-pair.ts'

/** What Node says is the public half of a private key. */
function publicHalf(privateKey: string): string {
  const head = Buffer.from('302e020100300506032b656e04220420', 'hex')
  const der = Buffer.concat([head, Buffer.from(privateKey, 'base64')])
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  return key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
}

test.each([
  { by: 'the browser', make: makeKeyPair },
  { by: 'the library', make: byLibrary },
])('a pair made by $by belongs together and is written as wg writes it', async ({ make }) => {
  const { privateKey, publicKey } = await make()
  expect(publicHalf(privateKey)).toBe(publicKey)
  const bytes = Buffer.from(privateKey, 'base64')
  expect(bytes).toHaveLength(32)
  expect([bytes[0]! & 7, bytes[31]! & 192]).toEqual([0, 64])
  expect((await make()).privateKey).not.toBe(privateKey)
})
