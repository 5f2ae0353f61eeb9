/**
 * The one way to the database: Prisma for the verbs, its pool for hot paths in SQL. Nothing else imports Prisma's client, so
 * that a change of its major version touches this file.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Prisma, PrismaClient } from './generated/prisma/client.ts'

export type {
  AddressLease,
  ApiKey,
  Cluster,
  ClusterNode,
  Device,
  Event,
  JoinStep,
  JoinToken,
  KeyRotation,
  Link,
  MemberInvitation,
  Membership,
  Network,
  Node,
  NodeRequest,
  NodeRoute,
  NodeStatus,
  Organization,
  PolicyTrial,
  Site,
  Tombstone,
  User,
} from './generated/prisma/client.ts'
export type Json = Prisma.InputJsonValue
export type Tx = Prisma.TransactionClient
export type Db = {
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
  /** for the one connection that listens */
  readonly url: string
  close(): Promise<void>
}

export type DbOptions = {
  /** connections of this process; Prisma and SQL share them */
  readonly max?: number
  /** a connection that died while idle; the pool makes another */
  readonly onError?: (error: Error) => void
}

/** Longer than any statement of ours takes, the roll-ups of samples included. */
const QUERY_TIMEOUT_MS = 10_000

/** Verifies that the database answers before it resolves. */
export async function openDb(url: string, options: DbOptions = {}): Promise<Db> {
  const onError = options.onError ?? (() => {})
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 20,
    // A database that is away is told at once; a door answers 503 rather than queue.
    connectionTimeoutMillis: 5_000,
    // One that went silent (its host lost the network) says nothing at all: without an end, a request would hang with it.
    query_timeout: QUERY_TIMEOUT_MS,
    application_name: 'spanwire',
  })
  // Without a listener an idle connection's end (server restart, failover) would end this process.
  pool.on('error', onError)
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { onPoolError: onError, onConnectionError: onError }),
    transactionOptions: { maxWait: 5_000, timeout: 15_000 },
  })
  const close = async () => {
    await prisma.$disconnect()
    await pool.end()
  }
  try {
    await pool.query('SELECT 1')
  } catch (error) {
    await close()
    throw error
  }
  return { prisma, pool, url, close }
}

/** The name or columns of the constraint that refused a duplicate, or null for any other error. */
export function duplicateOf(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return null
  return JSON.stringify(error.meta ?? {})
}

/** Postgres could not serialize two transactions, or they met in a deadlock: the loser may simply try again. */
export function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false
  return error.code === 'P2034' || (error.code === 'P2010' && /40P01|40001/.test(JSON.stringify(error.meta ?? {})))
}
