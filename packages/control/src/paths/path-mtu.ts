import { chooseMtu, leavesFor, type MtuChoice } from '@spanwire/mesh/paths/choose-mtu'
import { podMtu } from '@spanwire/mesh/wireguard/mtu'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'

export const PathMtu = z.object({ network: z.uuid() })

export const UnderlayRow = z
  .object({
    fromId: z.string(),
    fromName: z.string(),
    toId: z.string(),
    toName: z.string(),
    /** the largest IP packet that reaches its end whole, outside of the tunnel */
    bytes: z.number(),
    outside: z.enum(['ipv4', 'ipv6']),
    /** of it for the tunnel, after WireGuard's own headers */
    leaves: z.number(),
  })
  .meta({ id: 'UnderlayRow' })
export type UnderlayRow = z.infer<typeof UnderlayRow>

export const PathMtuOutput = z
  .object({
    /** in use, on all nodes */
    mtu: z.number(),
    verdict: z.enum(['unknown', 'fits', 'narrow', 'too-narrow']),
    text: z.string(),
    /** what to do, where there is something to do */
    fix: z.string().nullable(),
    /** to be set by a person: the network's `mtu` */
    wanted: z.number().nullable(),
    narrowest: UnderlayRow.nullable(),
    /** ways that carry less than the MTU in use needs, the narrowest first */
    narrow: z.array(UnderlayRow),
    /** ways that were measured */
    measured: z.number(),
    /** what is left for pods, and what takes the rest */
    pods: z.object({ mtu: z.number(), backend: z.string() }).nullable(),
  })
  .meta({ id: 'PathMtu' })

const MOST_LISTED = 20

/** How large packets may be in a network, and which way it is that makes them so. */
export async function pathMtu(ctx: Context, input: z.infer<typeof PathMtu>): Promise<z.infer<typeof PathMtuOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [[network], ways] = await Promise.all([
    query<{ mtu: number; backend: string | null }>(
      ctx,
      `select w.mtu, c.settings->>'flannelBackend' backend from networks w left join clusters c on c.network_id = w.id
        where w.id = $1 and w.organization_id = $2`,
      [input.network, organizationId],
    ),
    query<Omit<UnderlayRow, 'leaves'>>(ctx, MEASURED, [input.network]),
  ])
  if (!network) throw new Refusal('NOT_FOUND', 'There is no such network.')
  const { mtu, backend } = network
  const rows = ways.map((way) => ({ ...way, leaves: leavesFor(way) }))
  const choice = chooseMtu(mtu, rows)
  const narrow = rows.filter(({ leaves }) => leaves < mtu).sort((a, b) => a.leaves - b.leaves)
  return {
    mtu,
    verdict: choice.verdict,
    ...wordsOf(mtu, choice, narrow.length, backend !== null),
    wanted: choice.wanted,
    narrowest: choice.narrowest,
    narrow: narrow.slice(0, MOST_LISTED),
    measured: rows.length,
    pods: podsOf(mtu, backend),
  }
}

/**
 * By the part for paths, every 10 minutes, of each tunnel to a gateway. Networks without that part have what machines find out before k3s
 * is installed, about the way to the gateway that they have.
 */
const MEASURED = `
  select n.id "fromId", n.name "fromName", p.id "toId", p.name "toName", m.bytes,
      case when l.endpoint like '[%' then 'ipv6' else 'ipv4' end outside
    from links l
      join nodes n on n.id = l.node_id and n.state in ('enrolled', 'active')
      join nodes p on p.id = l.peer_id and p.state in ('enrolled', 'active') and p.role = 'gateway'
      join networks w on w.id = n.network_id
      left join preflights f on f.node_id = n.id and f.facts_at >= n.enrolled_at and n.role = 'member' and l.interface_name = w.interface_name
      cross join lateral (select coalesce(l.path_mtu, substring(f.facts from '(?:^|\\n)path-mtu ([0-9]{3,5})(?:\\n|$)')::int) bytes) m
    where n.network_id = $1 and m.bytes is not null
    order by n.name, p.name`

async function query<Row extends object>(ctx: Context, text: string, values: string[]): Promise<Row[]> {
  return (await ctx.db.pool.query<Row>(text, values)).rows
}

/** A backend that is not flannel's takes what it takes: nobody here knows. */
function podsOf(mtu: number, backend: string | null): z.infer<typeof PathMtuOutput>['pods'] {
  if (backend !== 'host-gw' && backend !== 'vxlan' && backend !== 'wireguard-native') return null
  return { mtu: podMtu(mtu, backend), backend }
}

type Words = { readonly text: string; readonly fix: string | null }

function wordsOf(mtu: number, choice: MtuChoice<UnderlayRow>, narrow: number, hasPods: boolean): Words {
  const { narrowest, wanted, room } = choice
  if (!narrowest) {
    return { text: 'No way has been measured yet: the gateways have to answer pings for that.', fix: null }
  }
  const { fromName, toName, bytes, leaves } = narrowest
  const way = `The way from ${fromName} to ${toName} carries packets of ${bytes} bytes, which leaves ${leaves} for the tunnel.`
  if (choice.verdict === 'fits') {
    const more =
      room === null
        ? ''
        : ` An MTU of ${room} would do as well; it is raised by you only, since others may know why it is low.`
    return { text: `Packets of ${mtu} bytes pass whole on every measured way.${more}`, fix: null }
  }
  const others = narrow > 1 ? ` ${narrow} ways are too narrow in all.` : ''
  const broken = `The network has ${mtu}: larger packets are broken in two on that way, or lost.${others}`
  const pods = hasPods ? ' Pods that run keep their old size until they are made anew.' : ''
  const set = wanted === null ? '' : `Set the MTU to ${wanted}, on all nodes at once.${pods}`
  if (choice.verdict === 'narrow') return { text: `${way} ${broken}`, fix: set }
  const floor = `1280 is the least that IPv6 works with, and even that does not pass whole there: find out what on this way is so narrow.`
  return { text: `${way} ${broken}`, fix: set === '' ? floor : `${set} ${floor}` }
}
