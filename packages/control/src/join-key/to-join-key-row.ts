import type { JoinToken } from '../db.ts'
import { iso } from '../iso.ts'
import type { JoinKeyRow } from './join-key-row.ts'

export function toJoinKeyRow(key: JoinToken): JoinKeyRow {
  return {
    id: key.id,
    name: key.name ?? '',
    networkId: key.networkId,
    siteId: key.siteId,
    // Checked when the key was made.
    labels: key.labels as Record<string, string>,
    tags: key.tags,
    maxUses: key.maxUses,
    uses: key.uses,
    expiresAt: iso(key.expiresAt),
    revokedAt: iso(key.revokedAt),
    createdBy: key.createdBy,
    createdAt: iso(key.createdAt),
  }
}
