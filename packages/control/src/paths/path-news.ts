/**
 * What reports say that others have to know: where nodes are seen, and who talks with whom. Kept short of the database: a report with
 * nothing new in it costs no query, and no node makes everybody's machines work at each of its reports.
 */
import type { Report } from '@spanwire/mesh/protocol/parse-report'
import type { MachineDeps } from '../machine/machine-deps.ts'
import type { MachineNode, MachinePair } from '../machine/network-rows.ts'
import type { Mirrored } from '../machine/read-mirrored.ts'
import { inSqlTransaction } from '../machine/sql.ts'
import { type DirectNews, directNews } from './direct-news.ts'
import { talkNews } from './talk-news.ts'
import { PAIR_IDLE_MS, wantPairs } from './want-pairs.ts'
import { writeDirectNews } from './write-direct-news.ts'

export type PathNews = { readonly direct: DirectNews | null; readonly pairs: readonly MachinePair[] }

export type PathNewsTaker = {
  /** Of a report; `unwritten` is what an earlier one said that has not been written. */
  of(network: Mirrored, node: MachineNode, report: Report, unwritten: PathNews | undefined): PathNews
  write(
    rows: readonly { readonly network: Mirrored; readonly node: MachineNode; readonly news: PathNews }[],
  ): Promise<void>
  forget(nodeId: string): void
}

/** A NAT that gives a new port each minute, or a node that lies, makes its peers' machines work so often at most. */
const NEWS_MS = 15_000
/** A pair that goes on talking is put off well before it ends. */
const KEEP_MS = PAIR_IDLE_MS / 3

export function createPathNews(deps: MachineDeps): PathNewsTaker {
  const talked = new Map<string, ReadonlyMap<string, number>>()
  const writtenAt = new Map<string, number>()
  const keptAt = new Map<string, number>()

  return {
    of(network, node, report, unwritten) {
      const now = deps.now().getTime()
      const isTooSoon = now - (writtenAt.get(node.id) ?? 0) < NEWS_MS
      const direct = (isTooSoon ? null : directNews(network, node, report)) ?? unwritten?.direct ?? null
      const pairs = talkNews(network, node, report.talk, talked.get(node.id))
      // Only the busiest are told: one that is not told this time has its count still.
      const counted = new Map(report.talk.map(({ address, packets }) => [address, packets]))
      if (report.ways !== null || counted.size > 0) {
        const before = talked.get(node.id) ?? []
        talked.set(node.id, new Map([...[...before].slice(-MOST_COUNTED), ...counted]))
      }
      const known = new Set((unwritten?.pairs ?? []).map(keyOf))
      const due = pairs.filter((pair) => !known.has(keyOf(pair)) && now - (keptAt.get(keyOf(pair)) ?? 0) >= KEEP_MS)
      return { direct, pairs: [...(unwritten?.pairs ?? []), ...due] }
    },
    async write(rows) {
      const now = deps.now()
      for (const network of new Map(rows.map((row) => [row.network.settings.id, row.network])).values()) {
        const { id } = network.settings
        const own = rows.filter((row) => row.network.settings.id === id)
        const news = own.flatMap((row) => row.news.direct ?? [])
        const pairs = [...new Map(own.flatMap((row) => row.news.pairs.map((pair) => [keyOf(pair), pair]))).values()]
        // A transaction of its own: it begins with the network's row, which reports must not hold while they write theirs.
        if (news.length > 0) await inSqlTransaction(deps.db.pool, (sql) => writeDirectNews(sql, id, news, now))
        if (pairs.length > 0) await inSqlTransaction(deps.db.pool, (sql) => wantPairs(sql, id, pairs, now))
        for (const { nodeId } of news) writtenAt.set(nodeId, now.getTime())
        for (const pair of pairs) keptAt.set(keyOf(pair), now.getTime())
      }
      if (keptAt.size > MOST_KEPT) keptAt.clear()
    },
    forget(nodeId) {
      talked.delete(nodeId)
      writtenAt.delete(nodeId)
    },
  }
}

/** Addresses of a node that are remembered: several times what it tells at once. */
const MOST_COUNTED = 512
/** Cleared whole: then each pair is written once more. */
const MOST_KEPT = 100_000

const keyOf = ({ a, b }: MachinePair): string => `${a} ${b}`
