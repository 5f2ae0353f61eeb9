import type { Actor } from '../context.ts'
import type { Db } from '../db.ts'
import { hashToken } from '../secrets.ts'

/** Who an API key stands for; nobody when it is unknown, expired or revoked. When it was last used is kept to the minute. */
export async function findApiKey(db: Db, key: string, now: Date): Promise<Actor> {
  if (!/^swk_[A-Za-z0-9_-]{43}$/.test(key)) return { kind: 'nobody' }
  const row = await db.prisma.apiKey.findUnique({ where: { hash: hashToken(key) } })
  if (!row || row.revokedAt !== null || row.expiresAt <= now) return { kind: 'nobody' }
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > MINUTE_MS) {
    await db.prisma.apiKey.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } })
  }
  return { kind: 'api-key', id: row.id, name: row.name, organizationId: row.organizationId, role: row.role }
}

const MINUTE_MS = 60_000
