/** Whom a token lets in: the node that was invited, or a fresh one for a join key, named after its machine. */
import { parseNodeName } from '@spanwire/mesh/names/parse-node-name'
import { MachineRefusal } from './answer.ts'
import type { Token } from './claim-token.ts'
import type { MachineDeps } from './machine-deps.ts'
import type { Sql } from './sql.ts'
import { uuid7 } from './uuid7.ts'

export type JoiningNode = {
  readonly id: string
  readonly name: string
  readonly role: 'gateway' | 'member'
  readonly endpoint: string | null
}

export const nodeOfToken = (deps: MachineDeps, sql: Sql, token: Token, hostname: string): Promise<JoiningNode> =>
  token.nodeId === null ? newNode(deps, sql, token, hostname) : invitedNode(sql, token.nodeId)

async function invitedNode(sql: Sql, nodeId: string): Promise<JoiningNode> {
  const [node] = await sql.query<JoiningNode>(
    `SELECT id, name, role::text, endpoint FROM nodes WHERE id = $1 AND state = 'invited' FOR UPDATE`,
    [nodeId],
  )
  if (!node) throw new MachineRefusal('token-used', 'this node has joined already; remove it, or make a new line')
  return node
}

async function newNode(deps: MachineDeps, sql: Sql, token: Token, hostname: string): Promise<JoiningNode> {
  const wanted = nameOf(hostname)
  for (let n = 1; n <= MAX_NAMES; n++) {
    const name = n === 1 ? wanted : `${wanted.slice(0, 63 - String(n).length - 1).replace(/-+$/, '')}-${n}`
    const [node] = await sql.query<JoiningNode>(
      `INSERT INTO nodes (id, network_id, site_id, name, role, state, labels, tags, created_by, created_at)
       VALUES ($1, $2, $3, $4, 'member', 'invited', $5, $6, $7, $8)
       ON CONFLICT (network_id, name) DO NOTHING
       RETURNING id, name, role::text, endpoint`,
      [
        uuid7(deps.now(), deps.random),
        token.networkId,
        token.siteId,
        name,
        JSON.stringify(token.labels ?? {}),
        token.tags,
        `join key ${token.name ?? ''}`.trim(),
        deps.now(),
      ],
    )
    if (node) return node
    if (n === 1) n = Math.max(n, (await highestSuffix(sql, token.networkId, wanted)) - 1)
  }
  throw new MachineRefusal('name-taken', `${wanted} and its numbers are taken; give this machine another hostname`)
}

const MAX_NAMES = 100_000

/** So that the thousandth `worker` is not found by nine hundred failed tries. */
async function highestSuffix(sql: Sql, networkId: string, wanted: string): Promise<number> {
  const [row] = await sql.query<{ highest: number | null }>(
    `SELECT max(substring(name from '-([0-9]{1,6})$')::int) AS highest
       FROM nodes WHERE network_id = $1 AND name LIKE $2 || '-%' AND name ~ ('^' || $2 || '-[0-9]{1,6}$')`,
    [networkId, wanted],
  )
  return (row?.highest ?? 1) + 1
}

/** The first label of the hostname, made valid: a machine from a cloud says `ip-10-0-0-7.eu-west-1.compute.internal`. */
function nameOf(hostname: string): string {
  const name = parseNodeName(hostname.split('.', 1)[0] ?? '')
  return name.ok ? name.value : name.error.suggestion
}
