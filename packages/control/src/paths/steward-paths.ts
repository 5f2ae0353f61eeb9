/**
 * What goes on by itself with the paths of a network: pairs that are quiet end, members are moved step by step to the gateways that they
 * are to have (mesh/paths/next-slots.ts), and a gateway that is drained is told to carry nobody any more. Looked at every few seconds by every server
 * process; what there is to do is written under the lock on the network's row, and only over what was looked at.
 */
import { nextSlots, wantedGateways } from '@spanwire/mesh/paths/next-slots'
import { hasSeveral, type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import type { Seat } from '@spanwire/mesh/paths/seat'
import type { Slots } from '@spanwire/mesh/paths/slots'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import { type ReadNetwork, readNetworkInput } from '../machine/read-network-input.ts'
import { recordEvents } from '../machine/record-events.ts'
import { inSqlTransaction, type Sql, sqlOn } from '../machine/sql.ts'
import { readSlotFacts } from './read-slot-facts.ts'
import { mayCarry, slotEvidence } from './slot-evidence.ts'
import { endIdlePairs } from './want-pairs.ts'

/** A herd of thousands does not move at once. */
const MOST_AT_ONCE = 200

/** The revision at which there was nothing to do, by network: until the next one there is nothing. */
export type Settled = Map<string, number>

export async function stewardPaths(deps: MachineDeps, networkId: string, settled: Settled): Promise<void> {
  const sql = sqlOn(deps.db.pool)
  const [due] = await sql.query<{ revision: string; idle: boolean }>(
    `SELECT revision, EXISTS (SELECT 1 FROM direct_pairs WHERE network_id = $1 AND wanted_until <= $2) idle
       FROM networks WHERE id = $1`,
    [networkId, deps.now()],
  )
  if (!due) return
  if (due.idle) await inSqlTransaction(deps.db.pool, (tx) => endIdlePairs(tx, networkId, deps.now()))
  if (settled.get(networkId) === Number(due.revision)) return
  const read = await readNetworkInput(sql, networkId)
  if (!read) return
  const network = plan(read.input)
  const isDone = !hasSeveral(network) || (await advance(deps, sql, read, network))
  if (isDone) settled.set(networkId, read.head.revision)
}

type Step = { readonly id: string; readonly before: Slots | null; readonly after: Slots }

/** True when every member has what it is to have. */
async function advance(deps: MachineDeps, sql: Sql, read: ReadNetwork, network: NetworkPlan): Promise<boolean> {
  const { settings } = read.head
  const now = deps.now().getTime()
  const line = network.gateways.filter(({ node }) => !node.draining).map(({ node }) => node.id)
  const bySite = await readSiteGateways(sql, settings.id)
  const steps: Step[] = []
  const moving: { id: string; stored: Slots; wanted: { first: string; second: string | null } }[] = []
  for (const node of read.input.nodes) {
    const slots = network.seats.get(node.id)?.slots
    if (!slots) continue
    const ofSite = (bySite.get(node.siteId ?? '') ?? []).filter((id) => line.includes(id))
    const wanted = wantedGateways(ofSite.length > 0 ? { a: null, b: null, first: 'a' } : slots, [
      ...new Set([...ofSite, ...line]),
    ])
    const stored = node.slots ?? null
    // Kept as they are found, so that a gateway that comes or goes moves nobody by itself.
    if (!stored || stored.a !== slots.a || stored.b !== slots.b || stored.first !== slots.first) {
      steps.push({ id: node.id, before: stored, after: slots })
    } else if (wanted && nextSlots(stored, wanted, SURE).kind !== 'done') moving.push({ id: node.id, stored, wanted })
  }
  const leaving = read.input.nodes.filter(
    ({ id, draining, isDrained }) => network.carried.has(id) && draining && !isDrained,
  )
  const onLeaving = leaving.flatMap(({ id }) => network.carried.get(id) ?? [])
  const facts = await readSlotFacts(sql, settings, [...moving, ...onLeaving])
  for (const { id, stored, wanted } of moving) {
    const known = facts.get(id)
    const evidence = known && slotEvidence(settings.interfaceName, { ...known, slots: stored }, now)
    const next = evidence ? nextSlots(stored, wanted, evidence) : null
    if (next?.kind === 'sets') steps.push({ id, before: stored, after: next.slots })
  }
  const isOn = (gatewayId: string, { id, slots }: Seat): boolean => {
    const known = facts.get(id)
    return (
      slots !== null && known !== undefined && mayCarry(settings.interfaceName, { ...known, slots }, gatewayId, now)
    )
  }
  const drained = leaving.filter((node) => !(network.carried.get(node.id) ?? []).some((seat) => isOn(node.id, seat)))
  if (steps.length > 0 || drained.length > 0) {
    await inSqlTransaction(deps.db.pool, async (tx) => {
      await setSlots(tx, settings.id, steps.slice(0, MOST_AT_ONCE), deps.now())
      await tellDrained(tx, deps, read, drained)
    })
  }
  return steps.length === 0 && moving.length === 0 && leaving.length === 0
}

/** As if it carried by its first slot, and both were alive: then only one who has all is done. */
const SURE = { isAlive: { a: true, b: true }, carries: null } as const

async function setSlots(sql: Sql, networkId: string, steps: readonly Step[], at: Date): Promise<void> {
  if (steps.length === 0) return
  const revision = await bumpRevision(sql, networkId)
  const column = <T>(pick: (step: Step) => T): T[] => steps.map(pick)
  await sql.query(
    `UPDATE nodes n SET slot_a = u.a, slot_b = u.b, slot_first = u.first,
            -- Who is only kept where it is was not moved.
            slots_at = CASE WHEN u.was_first IS NULL THEN n.slots_at ELSE $8::timestamptz END, changed_revision = $9
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[])
         AS u(id, a, b, first, was_a, was_b, was_first)
      WHERE n.id = u.id AND (n.slot_a, n.slot_b, n.slot_first) IS NOT DISTINCT FROM (u.was_a, u.was_b, u.was_first)`,
    [
      column(({ id }) => id),
      column(({ after }) => after.a),
      column(({ after }) => after.b),
      column(({ after }) => after.first),
      column(({ before }) => before?.a ?? null),
      column(({ before }) => before?.b ?? null),
      column(({ before }) => before?.first ?? null),
      at,
      revision,
    ],
  )
}

async function tellDrained(
  sql: Sql,
  deps: MachineDeps,
  { head }: ReadNetwork,
  drained: readonly { readonly id: string; readonly name: string }[],
): Promise<void> {
  if (drained.length === 0) return
  const rows = await sql.query<{ id: string; name: string }>(
    'UPDATE nodes SET drained_at = $2 WHERE id = ANY($1::uuid[]) AND draining AND drained_at IS NULL RETURNING id, name',
    [drained.map(({ id }) => id), deps.now()],
  )
  await recordEvents(
    sql,
    deps,
    rows.map(({ id, name }) => ({
      organizationId: head.organizationId,
      networkId: head.settings.id,
      actor: { kind: 'system', name: 'spanwire' },
      action: 'node.drained',
      subject: { kind: 'node', id, name },
      after: { carries: 0 },
    })),
  )
}

async function readSiteGateways(sql: Sql, networkId: string): Promise<Map<string, string[]>> {
  const rows = await sql.query<{ id: string; first: string | null; second: string | null }>(
    `SELECT id, first_gateway_id "first", second_gateway_id "second" FROM sites
      WHERE network_id = $1 AND first_gateway_id IS NOT NULL`,
    [networkId],
  )
  return new Map(rows.map(({ id, first, second }) => [id, [first, second].filter((each) => each !== null)]))
}
