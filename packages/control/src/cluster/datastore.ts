import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'

const PURPOSE = 'cluster datastore'

/** The sealed address of an external datastore, null for the others. `kept`: the one that it has. */
export function acceptDatastore(
  ctx: Context,
  settings: Pick<ClusterSettings, 'datastore'>,
  endpoint: string | null,
  kept: Uint8Array<ArrayBuffer> | null = null,
): Uint8Array<ArrayBuffer> | null {
  if (settings.datastore !== 'external') return null
  if (endpoint === null && kept) return kept
  if (
    endpoint === null ||
    !/^(postgres|mysql|nats|https?|etcd)[a-z]*:\/\/[\x21-\x7e]+$|^[\x21-\x7e]+@tcp\([\x21-\x7e]+$/.test(endpoint)
  )
    throw new Refusal('BAD_REQUEST', 'An external datastore has an address.', {
      field: 'datastoreEndpoint',
      fix: 'Write it as k3s takes it: postgres://user:password@host:5432/database, or mysql://user:password@tcp(host:3306)/database.',
    })
  return ctx.seal.encrypt(endpoint, PURPOSE)
}

export const openDatastore = (ctx: Pick<Context, 'seal'>, sealed: Uint8Array): string =>
  ctx.seal.decrypt(sealed, PURPOSE)
