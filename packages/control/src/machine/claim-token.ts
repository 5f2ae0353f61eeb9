import { MachineRefusal } from './answer.ts'
import type { Sql } from './sql.ts'

export type Token = {
  readonly id: string
  readonly networkId: string
  /** Null for a join key. */
  readonly nodeId: string | null
  readonly name: string | null
  readonly siteId: string | null
  readonly labels: unknown
  readonly tags: readonly string[]
}

export async function findToken(sql: Sql, hash: Uint8Array): Promise<Token | null> {
  const [row] = await sql.query<{
    id: string
    network_id: string
    node_id: string | null
    name: string | null
    site_id: string | null
    labels: unknown
    tags: string[]
  }>('SELECT id, network_id, node_id, name, site_id, labels, tags FROM join_tokens WHERE hash = $1', [hash])
  if (!row) return null
  const { id, network_id: networkId, node_id: nodeId, name, site_id: siteId, labels, tags } = row
  return { id, networkId, nodeId, name, siteId, labels, tags }
}

/** Uses it once, or says why it cannot be used. Of any number of racers, as many win as it has uses. */
export async function claimToken(sql: Sql, tokenId: string, now: Date): Promise<void> {
  const claimed = await sql.query(
    `UPDATE join_tokens SET uses = uses + 1
      WHERE id = $1 AND uses < max_uses AND expires_at > $2 AND revoked_at IS NULL
      RETURNING id`,
    [tokenId, now],
  )
  if (claimed.length === 0) throw await whyNot(sql, tokenId)
}

export async function whyNot(sql: Sql, tokenId: string): Promise<MachineRefusal> {
  const [token] = await sql.query<{ uses: number; max_uses: number; revoked_at: Date | null }>(
    'SELECT uses, max_uses, revoked_at FROM join_tokens WHERE id = $1',
    [tokenId],
  )
  if (!token || token.revoked_at) return new MachineRefusal('token-revoked', 'this token was revoked; make a new line')
  if (token.uses >= token.max_uses) {
    return new MachineRefusal('token-used', 'this token is used up; make a new line on the add-node page')
  }
  return new MachineRefusal('token-expired', 'this token has expired; make a new line on the add-node page')
}
