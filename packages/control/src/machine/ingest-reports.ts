/**
 * Reports on their way to the database: the last of each node, together, every half a second. A request is answered before its
 * report is written, and what is lost when a process dies comes again with the next one.
 *
 * While the database is away the last reports wait in memory; a report that no database would take is thrown away alone.
 */

import type { ClusterStep } from '@spanwire/mesh/cluster/cluster-steps'
import type { Step } from '@spanwire/mesh/enrolment/steps'
import { REPORT_LATE_MS } from '@spanwire/mesh/health/reporting-status'
import type { Report } from '@spanwire/mesh/protocol/parse-report'
import { type PreflightRow, writePreflights } from '../cluster/write-preflights.ts'
import { type K3sRow, writeK3sReports } from '../cluster/write-reports.ts'
import { devicesSeen, writeDevicesSeen } from '../device/write-seen.ts'
import { isDatabaseAway } from '../is-database-away.ts'
import { createPathNews, type PathNews } from '../paths/path-news.ts'
import { type WaysRow, writeWays } from '../paths/write-ways.ts'
import { type PolicyRow, writePolicyReports } from '../policy/write-policy-reports.ts'
import { writeSamples } from '../samples/write-samples.ts'
import { activateNodes } from './activate-nodes.ts'
import { confirmSteps, type StepConfirmation } from './confirm-steps.ts'
import { type Counters, type Digest, digestReport } from './digest-report.ts'
import type { MachineDeps } from './machine-deps.ts'
import type { NetworkMirror } from './network-mirror.ts'
import type { MachineNode } from './network-rows.ts'
import type { Mirrored } from './read-mirrored.ts'
import { sampleOf } from './sample-of.ts'
import { inSqlTransaction, isSqlState, RACES } from './sql.ts'
import { type Incoming, podRangesSeen, stepsSeen } from './steps-seen.ts'
import { tellBack, tellSilent } from './tell-silence.ts'
import { tellTunnels } from './tell-tunnels.ts'
import { writeLinks } from './write-links.ts'
import { writeStatus } from './write-status.ts'

export type Ingest = {
  add(network: Mirrored, node: MachineNode, report: Report): void
  /** The machine said something about its join: proofs count anew. */
  watch(nodeId: string): void
  /** It was removed. */
  forget(nodeId: string): void
  /** Everything added so far is in the database, or was refused by it. */
  flush(): Promise<void>
  close(): Promise<void>
}

const FLUSH_MS = 500
const SILENCE_MS = 5_000
/** A chart of 24 h has fewer points than that. */
const SAMPLE_MS = 10_000
/** A step that was proved needs no proof again at every report. */
const PROVE_AGAIN_MS = 15_000
/** What reports can prove; the steps before them the server sees itself. */
const PROVED = ['interface', 'handshake', 'reachable', 'pod-range'] as const satisfies readonly (Step | ClusterStep)[]
const WATCH_MS = 10 * 60_000

type Pending = Incoming & Digest & { readonly news: PathNews }

export function createIngest(
  deps: MachineDeps,
  mirror: NetworkMirror,
  told: { onClusterChanged(networkId: string): void },
): Ingest {
  let pending = new Map<string, Pending>()
  const counters = new Map<string, Counters>()
  const pathNews = createPathNews(deps)
  const sampledAt = new Map<string, number>()
  const provedAt = new Map<string, number>()
  const watchedUntil = new Map<string, number>()
  let flushing: Promise<void> = Promise.resolve()
  let listeningSince = deps.now().getTime()
  const flushTimer = setInterval(() => void flush(), FLUSH_MS)
  const silenceTimer = setInterval(() => void watchSilence(), SILENCE_MS)

  function add(network: Mirrored, node: MachineNode, report: Report): void {
    const at = deps.now()
    const knowsPolicy = mirror.knowsPolicy(node.id)
    const isCurrent = mirror.isHeld(network, node, report.confirmed)
    const digest = digestReport(network, node, report, at, counters.get(node.id))
    counters.set(node.id, digest.counters)
    // What is said once only outlives a newer report that comes before it is written.
    const before = pending.get(node.id)
    const facts = report.facts ?? before?.report.facts ?? null
    const preflight = report.preflight ?? before?.report.preflight ?? null
    pending.set(node.id, {
      network,
      node,
      report: { ...report, facts, preflight },
      at,
      isCurrent,
      knowsPolicy,
      news: pathNews.of(network, node, report, before?.news),
      ...digest,
    })
  }

  /** One after the other. */
  function flush(): Promise<void> {
    flushing = flushing.then(async () => {
      if (pending.size === 0) return
      const batch = pending
      pending = new Map()
      try {
        await writeOrAgain([...batch.values()])
      } catch (error) {
        await afterFailure(error, batch)
      }
    })
    return flushing
  }

  async function afterFailure(error: unknown, batch: Map<string, Pending>): Promise<void> {
    if (isDatabaseAway(error)) {
      // A newer report of the same node has more to say.
      pending = new Map([...batch, ...pending])
      listeningSince = deps.now().getTime()
      mirror.suspect()
      return
    }
    if (batch.size === 1) {
      console.error('spanwire: a report could not be written', error)
      return
    }
    for (const [id, one] of batch) {
      await writeOrAgain([one]).catch((failure: unknown) => afterFailure(failure, new Map([[id, one]])))
    }
  }

  /** A node may be removed while its report is on the way; the second time it is seen to be gone. */
  async function writeOrAgain(rows: readonly Pending[]): Promise<void> {
    try {
      await write(rows)
    } catch (error) {
      if (!isSqlState(error, ...RACES)) throw error
      await write(rows)
    }
  }

  async function write(rows: readonly Pending[]): Promise<void> {
    const now = deps.now().getTime()
    const links = rows.flatMap((row) => row.links.map((link) => ({ ...link, at: row.at })))
    const networks = new Map(rows.map((row) => [row.node.id, row.network]))
    const samples = rows.filter((row) => now - (sampledAt.get(row.node.id) ?? 0) >= SAMPLE_MS)
    const proofs = rows.flatMap((row) => proofsOf(row, now))
    const { proved, clusters } = await inSqlTransaction(deps.db.pool, async (sql) => {
      await tellBack(
        sql,
        deps,
        rows.map((row) => row.node.id),
      )
      await writeStatus(sql, rows)
      const changes = await writeLinks(sql, links)
      const told = changes.flatMap((change) => {
        const network = networks.get(change.nodeId)
        return network ? [{ ...change, network }] : []
      })
      await tellTunnels(sql, deps, told)
      await writeWays(sql, rows.flatMap(waysRow), deps.random)
      await writeSamples(sql, samples.map(sampleOf))
      await writeDevicesSeen(sql, rows.flatMap(devicesSeen))
      const looked = await writePreflights(sql, rows.flatMap(preflightRow))
      const ofClusters = await writeK3sReports(sql, rows.flatMap(k3sRow))
      const tried = await writePolicyReports(sql, rows.flatMap(policyRow))
      const written = await confirmSteps(sql, deps.now(), [...proofs, ...ofClusters.confirmed])
      await activateNodes(sql, written)
      return { proved: written, clusters: new Set([...looked, ...ofClusters.changed, ...tried]) }
    })
    await pathNews.write(rows)
    for (const networkId of clusters) told.onClusterChanged(networkId)
    for (const row of samples) sampledAt.set(row.node.id, now)
    for (const { nodeId, step } of proofs) provedAt.set(`${nodeId} ${step}`, now)
    for (const network of new Set(networks.values())) {
      deps.hints.publish({ kind: 'report', network: network.settings.id, organization: network.organizationId })
    }
    publishLedgers(proved, rows)
  }

  function publishLedgers(proved: readonly { nodeId: string }[], rows: readonly Pending[]): void {
    for (const nodeId of new Set(proved.map((proof) => proof.nodeId))) {
      const network = rows.find((row) => row.network.nodes.has(nodeId))?.network
      if (network) {
        const { organizationId: organization } = network
        deps.hints.publish({ kind: 'ledger', network: network.settings.id, organization, node: nodeId })
      }
    }
  }

  function proofsOf(row: Pending, now: number): StepConfirmation[] {
    const isWanted = (nodeId: string) =>
      row.network.nodes.get(nodeId)?.state === 'enrolled' || (watchedUntil.get(nodeId) ?? 0) > now
    const ranges = podRangesSeen(row).filter(({ nodeId }) => isWanted(nodeId) || !provedAt.has(`${nodeId} pod-range`))
    return [...stepsSeen(row, row.links, isWanted), ...ranges].filter(
      ({ nodeId, step }) => now - (provedAt.get(`${nodeId} ${step}`) ?? 0) >= PROVE_AGAIN_MS,
    )
  }

  async function watchSilence(): Promise<void> {
    if (mirror.isAway) listeningSince = deps.now().getTime()
    if (deps.now().getTime() - listeningSince < REPORT_LATE_MS) return
    try {
      await inSqlTransaction(deps.db.pool, (sql) => tellSilent(sql, deps))
    } catch (error) {
      listeningSince = deps.now().getTime()
      if (isDatabaseAway(error)) mirror.suspect()
      else console.error('spanwire: silent nodes could not be told', error)
    }
  }

  return {
    add,
    watch(nodeId) {
      watchedUntil.set(nodeId, deps.now().getTime() + WATCH_MS)
      for (const step of PROVED) provedAt.delete(`${nodeId} ${step}`)
    },
    forget(nodeId) {
      for (const kept of [pending, counters, sampledAt, watchedUntil]) kept.delete(nodeId)
      pathNews.forget(nodeId)
      for (const step of PROVED) provedAt.delete(`${nodeId} ${step}`)
    },
    flush,
    async close() {
      clearInterval(flushTimer)
      clearInterval(silenceTimer)
      await flush()
    },
  }
}

function preflightRow({ node, network, report, at }: Pending): PreflightRow[] {
  if (report.preflight === null) return []
  const networkId = network.settings.id
  const listenPort = report.interfaces.get(network.settings.interfaceName)?.listenPort ?? null
  return [{ nodeId: node.id, networkId, at, block: report.preflight, listenPort }]
}

function k3sRow({ node, network, report, at, isCurrent }: Pending): K3sRow[] {
  if (report.k3s === null) return []
  return [{ nodeId: node.id, nodeName: node.name, networkId: network.settings.id, at, isCurrent, k3s: report.k3s }]
}

function waysRow({ node, network, report, at }: Pending): WaysRow[] {
  const { ways, uptimeSeconds } = report
  return ways === null ? [] : [{ nodeId: node.id, network, at, uptimeSeconds, ways }]
}

function policyRow({ node, network, report, at }: Pending): PolicyRow[] {
  if (report.policy === null) return []
  return [{ nodeId: node.id, networkId: network.settings.id, at, tried: network.trial, policy: report.policy }]
}
