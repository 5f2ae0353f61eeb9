import type { ApiKey } from '../db.ts'
import { iso } from '../iso.ts'
import type { ApiKeyRow } from './api-key-row.ts'

export function toApiKeyRow(key: ApiKey): ApiKeyRow {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    hint: key.hint,
    createdBy: key.createdBy,
    createdAt: iso(key.createdAt),
    expiresAt: iso(key.expiresAt),
    lastUsedAt: iso(key.lastUsedAt),
    revokedAt: iso(key.revokedAt),
  }
}
