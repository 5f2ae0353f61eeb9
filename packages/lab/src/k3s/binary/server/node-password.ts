/**
 * A node's name belongs to the machine that took it first: its password's hash is kept as the secret
 * NODE.node-password.k3s (pkg/nodepassword). A machine imaged again has another password and is refused until it is deleted.
 */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { Refused } from './refused.ts'
import type { Store } from './store.ts'

export function ensureNodePassword(store: Store, node: string, password: string): void {
  // scrypt costs a tenth of a second, and a joining node asks for two certificates in a row.
  const verified = `${node} ${password} ${store.find('secrets', `${node}.node-password.k3s`, 'kube-system')?.metadata.uid}`
  if (verified === lastVerified) return
  verify(store, node, password)
  lastVerified = verified
}

let lastVerified = ''

function verify(store: Store, node: string, password: string): void {
  const name = `${node}.node-password.k3s`
  const secret = store.find('secrets', name, 'kube-system')
  if (!secret) {
    const hash = Buffer.from(hashed(password, randomBytes(8).toString('hex'))).toString('base64')
    const path = {
      group: '',
      version: 'v1',
      resource: 'secrets',
      namespace: 'kube-system',
      name,
      subresource: undefined,
    }
    store.create(path, { metadata: { name }, type: 'Opaque', immutable: true, data: { hash } })
    return
  }
  const known = Buffer.from(secret.data.hash, 'base64')
  const given = Buffer.from(hashed(password, known.toString().split(':')[1] ?? ''))
  if (known.length !== given.length || !timingSafeEqual(known, given))
    throw new Refused(403, `unable to verify password for node ${node}: hash does not match`)
}

export function hasNodePassword(store: Store, node: string): boolean {
  return store.find('secrets', `${node}.node-password.k3s`, 'kube-system') !== undefined
}

/** k3s: scrypt with N = 2^15, r = 8, p = 1. */
function hashed(password: string, salt: string): string {
  const key = scryptSync(password, salt, 64, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 })
  return `$1:${salt}:15:8:1:${key.toString('base64')}`
}
