/**
 * Hints: something changed, look again. They carry no data and may be lost; whoever needs to be right also reads by revision.
 *
 *   a verb's transaction ── pg_notify ──(commit)──► every process that listens, this one too
 *   publish()            ── at once to this process, pg_notify to the others
 *
 * When the listening connection was away, a `gap` tells everyone that anything may have changed.
 */
import pg from 'pg'
import type { Db, Tx } from './db.ts'

const CHANNEL = 'spanwire'
/** A fleet reports all the time; a page needs to look again once a second at most. */
const REPORT_MS = 1_000
const RECONNECT_MS = 1_000
/** A page listens a moment after it was read. Slow lines are meant: those that take longer read everything again. */
const RECENT_MS = 30_000
const RECENT_MOST = 2_000

export type HintKind = 'network' | 'node' | 'ledger' | 'report' | 'activity' | 'membership' | 'gap'

export type Hint = {
  readonly kind: HintKind
  readonly network?: string
  readonly node?: string
  readonly organization?: string
}

/** A hint without a network (or organization) concerns them all. */
export type HintFilter = {
  readonly kinds?: readonly HintKind[]
  readonly network?: string
  readonly organization?: string
}

export type Hints = {
  publish(hint: Hint): void
  subscribe(filter: HintFilter, heard: (hint: Hint) => void): () => void
  /** Of the last 30 s, like ones once, the oldest first; no reports, of which the next is never far. One `gap` where there were too many. */
  recent(filter: HintFilter): readonly Hint[]
  close(): Promise<void>
}

/** For hints that must not come before their change is visible. */
export async function notify(tx: Tx, hint: Hint): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(hint)})`
}

export async function openHints(db: Db, onError: (error: Error) => void = () => {}): Promise<Hints> {
  const subscribers = new Set<{ filter: HintFilter; heard: (hint: Hint) => void }>()
  const pendingReports = new Map<string, { timer: NodeJS.Timeout; again: boolean }>()
  const origin = crypto.randomUUID()
  let client: pg.Client | null = null
  let retry: NodeJS.Timeout | null = null
  let closed = false

  const told = new Map<string, { hint: Hint; at: number }>()

  const remember = (hint: Hint) => {
    if (hint.kind === 'report') return
    const now = performance.now()
    const key = [hint.kind, hint.organization, hint.network, hint.node].join()
    told.delete(key)
    told.set(key, { hint, at: now })
    for (const [old, { at }] of told) {
      if (now - at <= RECENT_MS) break
      told.delete(old)
    }
    if (told.size <= RECENT_MOST) return
    told.clear()
    told.set('gap', { hint: { kind: 'gap' }, at: now })
  }

  const deliver = (hint: Hint) => {
    remember(hint)
    for (const { filter, heard } of [...subscribers]) {
      if (!matches(filter, hint)) continue
      try {
        heard(hint)
      } catch (error) {
        onError(error as Error)
      }
    }
  }

  const send = (hint: Hint) => {
    deliver(hint)
    db.pool.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ ...hint, origin })]).catch(onError)
  }

  /** The first report of a network goes out at once, the others of that second as one. */
  const sendReport = (hint: Hint) => {
    const key = hint.network ?? ''
    const pending = pendingReports.get(key)
    if (pending) {
      pending.again = true
      return
    }
    const timer = setTimeout(() => {
      const { again } = pendingReports.get(key) ?? { again: false }
      pendingReports.delete(key)
      if (again && !closed) sendReport(hint)
    }, REPORT_MS)
    timer.unref()
    pendingReports.set(key, { timer, again: false })
    send({ kind: 'report', network: hint.network, organization: hint.organization })
  }

  const listen = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: db.url,
      application_name: 'spanwire listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    let lost = false
    const onLost = (error?: Error) => {
      if (lost) return
      lost = true
      if (error) onError(error)
      if (client === fresh) client = null
      fresh.end().catch(() => {})
      if (!closed) retry = setTimeout(() => listen().then(() => deliver({ kind: 'gap' }), onLostAgain), RECONNECT_MS)
    }
    const onLostAgain = (error: Error) => onError(error)
    fresh.on('error', onLost)
    fresh.on('end', () => onLost())
    fresh.on('notification', ({ payload }) => {
      const hint = read(payload)
      if (hint && hint.origin !== origin) deliver(hint)
    })
    try {
      await fresh.connect()
      await fresh.query(`LISTEN ${CHANNEL}`)
    } catch (error) {
      onLost()
      throw error
    }
    if (closed) await fresh.end()
    else client = fresh
  }

  try {
    await listen()
  } catch (error) {
    closed = true
    if (retry) clearTimeout(retry)
    throw error
  }
  return {
    publish: (hint) => (hint.kind === 'report' ? sendReport(hint) : send(hint)),
    subscribe(filter, heard) {
      const subscriber = { filter, heard }
      subscribers.add(subscriber)
      return () => void subscribers.delete(subscriber)
    },
    recent(filter) {
      const since = performance.now() - RECENT_MS
      return [...told.values()].flatMap(({ hint, at }) => (at >= since && matches(filter, hint) ? [hint] : []))
    },
    async close() {
      closed = true
      if (retry) clearTimeout(retry)
      for (const { timer } of pendingReports.values()) clearTimeout(timer)
      subscribers.clear()
      await client?.end()
    },
  }
}

function matches(filter: HintFilter, hint: Hint): boolean {
  if (hint.kind === 'gap') return true
  if (filter.kinds && !filter.kinds.includes(hint.kind)) return false
  if (filter.organization && hint.organization && hint.organization !== filter.organization) return false
  return !(filter.network && hint.network && hint.network !== filter.network)
}

/** Anyone who can connect to the database may notify: what cannot be read is no hint. */
function read(payload: string | undefined): (Hint & { origin?: string }) | null {
  try {
    const hint: unknown = JSON.parse(payload ?? '')
    return typeof hint === 'object' && hint !== null && 'kind' in hint ? (hint as Hint & { origin?: string }) : null
  } catch {
    return null
  }
}
