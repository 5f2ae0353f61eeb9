import type { Tx } from './db.ts'

/**
 * What may be done in an organization by one at a time only, until the transaction ends: changes of its members, since two owners could
 * remove each other at once, and choices of ranges, since two could take the same one. Taken before any network is locked. Whatever was
 * so before can be read on any connection then: who held it has committed.
 *
 * Not FOR UPDATE: who writes an event holds a key share of the organization, and may hold a network that somebody here waits for.
 */
export async function lockOrganization(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM organizations WHERE id = ${id}::uuid FOR NO KEY UPDATE`
}
