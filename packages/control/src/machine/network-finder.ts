import type { Sql } from './sql.ts'

/**
 * Which network a credential is of, by its SHA-256 in hex. One question at a time, and who asks meanwhile is in the next: after a restart
 * all nodes come at once, and as many queries would wait for a connection until the database seems to be away.
 */
export function networkFinder(sql: Sql): (credentialHash: string) => Promise<string | undefined> {
  let running: Promise<unknown> = Promise.resolve()
  let next: { readonly hashes: Set<string>; readonly answer: Promise<ReadonlyMap<string, string>> } | null = null

  function queue() {
    const hashes = new Set<string>()
    const answer = running.then(() => {
      next = null
      return ask([...hashes])
    })
    running = answer.catch(() => {})
    return { hashes, answer }
  }

  async function ask(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await sql.query<{ hash: string; network_id: string }>(
      `SELECT encode(credential_hash, 'hex') AS hash, network_id FROM nodes WHERE credential_hash = ANY($1::bytea[])`,
      [hashes.map((hash) => Buffer.from(hash, 'hex'))],
    )
    return new Map(rows.map((row) => [row.hash, row.network_id]))
  }

  return async (credentialHash) => {
    next ??= queue()
    next.hashes.add(credentialHash)
    return (await next.answer).get(credentialHash)
  }
}
