/** What the gateway that carries a network says of its devices: they say nothing themselves. */
import { formatEndpoint } from '@spanwire/mesh/ip/endpoint'
import type { Sql } from '../machine/sql.ts'
import type { Incoming } from '../machine/steps-seen.ts'

/** As its gateway last saw it. Counters since its interface was made; `handshakeAt` in milliseconds. */
export type DeviceSeen = {
  readonly handshakeAt: number | null
  readonly endpoint: string | null
  readonly rxBytes: number
  readonly txBytes: number
  readonly gateway: string
}

type Row = { readonly deviceId: string; readonly seen: DeviceSeen; readonly at: Date }

export function devicesSeen({ network, node, report, at }: Incoming): Row[] {
  if (network.plan.hub?.id !== node.id) return []
  const view = report.interfaces.get(network.settings.interfaceName)
  return network.plan.devices.flatMap(({ id, publicKey }) => {
    const transfer = view?.transfers.get(publicKey)
    if (!transfer) return []
    const handshake = view?.handshakes.get(publicKey) ?? null
    const endpoint = view?.endpoints.get(publicKey) ?? null
    // The kernel's handshake times are of the gateway's wall clock: its age there, taken off our own time.
    const age = handshake === null ? null : Math.max(0, report.unixSeconds - handshake) * 1000
    const seen: DeviceSeen = {
      handshakeAt: age === null ? null : at.getTime() - age,
      endpoint: endpoint === null ? null : formatEndpoint(endpoint),
      rxBytes: transfer.rxBytes,
      txBytes: transfer.txBytes,
      gateway: node.name,
    }
    return [{ deviceId: id, seen, at }]
  })
}

export async function writeDevicesSeen(sql: Sql, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  await sql.query(
    `UPDATE devices d SET seen = u.seen::jsonb, seen_at = u.at
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS u(id, seen, at)
      WHERE d.id = u.id AND (d.seen_at IS NULL OR d.seen_at <= u.at)`,
    [rows.map(({ deviceId }) => deviceId), rows.map(({ seen }) => JSON.stringify(seen)), rows.map(({ at }) => at)],
  )
}
