/**
 * The ways that nodes say they take, put into rows: how each is, and every change with its time and cause. A way that a report does not
 * mention is the first one of the plan. What was written last is read in the same transaction, since reports of one node may come to two
 * servers.
 */
import type { ReportedWay, Way, WayCause, WaysReport } from '@spanwire/mesh/protocol/parse-ways'
import type { Mirrored } from '../machine/read-mirrored.ts'
import type { Sql } from '../machine/sql.ts'
import { uuid7 } from '../machine/uuid7.ts'

export type WaysRow = {
  readonly nodeId: string
  readonly network: Mirrored
  readonly at: Date
  readonly uptimeSeconds: number
  readonly ways: WaysReport
}

/** At once: all whom a large gateway carries, and no more than that. */
const MOST_CHANGES = 10_000

type State = { nodeId: string; peerId: string; way: string; sinceAt: Date; cause: WayCause }
type Change = Omit<State, 'way' | 'sinceAt'> & { networkId: string; at: Date; from: string | null; to: string | null }

export async function writeWays(
  sql: Sql,
  rows: readonly WaysRow[],
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(({ nodeId }) => nodeId)
  const known = new Map<string, Map<string, State>>(ids.map((id) => [id, new Map()]))
  for (const state of await readStates(sql, ids)) known.get(state.nodeId)?.set(state.peerId, state)
  const changes: Change[] = []
  const written: State[] = []
  const ended: State[] = []
  for (const row of rows) {
    const before = known.get(row.nodeId) ?? new Map<string, State>()
    const now = statesOf(row)
    for (const state of now.values()) {
      const old = before.get(state.peerId)
      if (old?.way === state.way) continue
      written.push(state)
      changes.push({ ...state, networkId: networkOf(row), at: state.sinceAt, from: old?.way ?? null, to: state.way })
    }
    for (const old of before.values()) {
      if (now.has(old.peerId)) continue
      ended.push(old)
      changes.push({ ...old, networkId: networkOf(row), at: row.at, from: old.way, to: null, cause: 'plan' })
    }
  }
  await writeStates(sql, written)
  await deleteStates(sql, ended)
  await writeChanges(sql, changes.slice(0, MOST_CHANGES), random)
}

/** The node itself stands for its default way. */
function statesOf({ nodeId, network, at, uptimeSeconds, ways }: WaysRow): Map<string, State> {
  const byName = idsByName(network)
  const states = new Map<string, State>()
  for (const reported of ways.ways) {
    const peerId = reported.nodeName === null ? nodeId : byName.get(reported.nodeName)
    if (peerId === undefined || (reported.nodeName !== null && peerId === nodeId)) continue
    states.set(peerId, {
      nodeId,
      peerId,
      way: wayText(reported.way),
      sinceAt: sinceOf(reported, at, uptimeSeconds),
      cause: reported.cause,
    })
  }
  return states
}

const networkOf = ({ network }: WaysRow): string => network.settings.id

const wayText = (way: Way): string =>
  way.kind === 'unreachable'
    ? 'unreachable'
    : way.publicKey === null
      ? way.interfaceName
      : `${way.interfaceName}:${way.publicKey}`

const sinceOf = ({ since }: ReportedWay, at: Date, uptimeSeconds: number): Date =>
  since === null ? at : new Date(at.getTime() - Math.max(0, uptimeSeconds - since) * 1000)

const names = new WeakMap<Mirrored['nodes'], Map<string, string>>()

function idsByName({ nodes }: Mirrored): Map<string, string> {
  let known = names.get(nodes)
  if (!known) {
    known = new Map(Array.from(nodes.values(), ({ id, name }) => [name, id]))
    names.set(nodes, known)
  }
  return known
}

const readStates = (sql: Sql, nodes: readonly string[]): Promise<State[]> =>
  sql.query<State>(
    `SELECT node_id "nodeId", peer_id "peerId", way, since_at "sinceAt", cause FROM path_states
      WHERE node_id = ANY($1::uuid[]) ORDER BY node_id, peer_id FOR UPDATE`,
    [nodes],
  )

async function writeStates(sql: Sql, states: readonly State[]): Promise<void> {
  if (states.length === 0) return
  await sql.query(
    `INSERT INTO path_states AS s (node_id, peer_id, way, since_at, cause)
     SELECT u.* FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[]) AS u(node_id, peer_id, way, since_at, cause)
       JOIN nodes n ON n.id = u.node_id JOIN nodes p ON p.id = u.peer_id
      ORDER BY u.node_id, u.peer_id
     ON CONFLICT (node_id, peer_id) DO UPDATE SET way = excluded.way, since_at = excluded.since_at, cause = excluded.cause`,
    columns(states, ['nodeId', 'peerId', 'way', 'sinceAt', 'cause']),
  )
}

async function deleteStates(sql: Sql, states: readonly State[]): Promise<void> {
  if (states.length === 0) return
  await sql.query(
    `DELETE FROM path_states s USING unnest($1::uuid[], $2::uuid[]) AS u(node_id, peer_id)
      WHERE (s.node_id, s.peer_id) = (u.node_id, u.peer_id)`,
    columns(states, ['nodeId', 'peerId']),
  )
}

async function writeChanges(
  sql: Sql,
  changes: readonly Change[],
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  if (changes.length === 0) return
  await sql.query(
    `INSERT INTO path_changes (id, network_id, node_id, peer_id, at, from_way, to_way, cause)
     SELECT u.* FROM unnest($8::uuid[], $1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
         AS u(id, network_id, node_id, peer_id, at, from_way, to_way, cause)
       JOIN nodes n ON n.id = u.node_id JOIN nodes p ON p.id = u.peer_id`,
    [
      ...columns(changes, ['networkId', 'nodeId', 'peerId', 'at', 'from', 'to', 'cause']),
      changes.map(({ at }) => uuid7(at, random)),
    ],
  )
}

const columns = <Row, Key extends keyof Row>(rows: readonly Row[], keys: readonly Key[]): Row[Key][][] =>
  keys.map((key) => rows.map((row) => row[key]))
