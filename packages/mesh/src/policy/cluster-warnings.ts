import type { Family } from '../ip/address.ts'
import { type AddressSet, formatInterval, isNobody, NOBODY, ofFamily, uniteAll } from './address-set.ts'
import { type ClusterNeed, clusterNeeds } from './cluster-needs.ts'
import { type Intervals, includes, intersect, overlap, subtract, union } from './intervals.ts'
import type { Machine } from './machine.ts'
import type { Part } from './parts.ts'
import type { AccessPlan } from './plan-access.ts'
import { belongsTo, LAST_PORT, type PortRange } from './service.ts'
import { servicesInWords } from './services-in-words.ts'
import type { World, WorldCluster } from './world.ts'

export type ClusterWarning = {
  readonly cluster: string
  readonly need: ClusterNeed['id']
  readonly sentence: string
  /** The rule that mends it; `addFence` puts it into the text. */
  readonly rule: string
}

/** What a policy cuts of that which k3s needs between the machines of a cluster. Empty when nothing. */
export function clusterWarnings(plan: AccessPlan, world: World): readonly ClusterWarning[] {
  if (plan.policy.isOpen) return []
  return world.clusters.flatMap((cluster) => {
    const cut = clusterNeeds(cluster).flatMap((need) => {
      const missing = firstMissing(plan, cluster, need)
      if (missing === null) return []
      const what = servicesInWords(need.services)
      const sentence = `No rule lets ${what}${what.includes(',') ? ',' : ''} through from ${missing.from} to ${missing.to}, which cluster ${cluster.name} needs: ${need.loss}.`
      return [{ cluster: cluster.name, need: need.id, sentence, rule: need.rule }]
    })
    // The rule for all pods holds DNS too.
    return cut.some(({ need }) => need === 'pods')
      ? cut.map((one) => (one.need === 'dns' ? { ...one, rule: ruleOf(cluster, 'pods') } : one))
      : cut
  })
}

const ruleOf = (cluster: WorldCluster, id: ClusterNeed['id']): string =>
  clusterNeeds(cluster).find((need) => need.id === id)?.rule ?? ''

type Missing = { readonly from: string; readonly to: string }

function firstMissing(plan: AccessPlan, cluster: WorldCluster, need: ClusterNeed): Missing | null {
  const machines = cluster.nodes.flatMap(({ id, role }) => {
    const machine = plan.directory.machines.get(id)
    return machine ? [{ machine, isServer: role === 'server' }] : []
  })
  const senders = machines.filter(({ isServer }) => need.from !== 'servers' || isServer).map(({ machine }) => machine)
  const pods = need.from === 'all' ? (plan.directory.pods.get(cluster.name) ?? NOBODY) : NOBODY
  const from = uniteAll([...senders.map(({ addresses }) => addresses), pods])
  for (const { machine, isServer } of machines) {
    if (need.to === 'servers' && !isServer) continue
    const to = need.to === 'pods' ? machine.pods : machine.addresses
    const missing = missingTo(plan, machine, to, from, need)
    if (missing) return missing
  }
  return null
}

function missingTo(
  plan: AccessPlan,
  machine: Machine,
  to: AddressSet,
  from: AddressSet,
  need: ClusterNeed,
): Missing | null {
  const parts = (plan.hits.get(machine.id) ?? []).map((place) => plan.parts[place] as Part)
  const itself = uniteAll([machine.addresses, machine.pods])
  if (isNobody(to)) return null
  for (const family of [4, 6] as const) {
    const others = subtract(ofFamily(from, family), ofFamily(itself, family))
    if (others.length === 0) continue
    for (const { protocol, ports } of need.services.filter((service) => belongsTo(service.protocol, family))) {
      const range = ports?.[0] ?? { first: 0, last: LAST_PORT }
      const able = parts.filter((part) =>
        part.services.some((service) => service.protocol === protocol && covers(service.ports, range)),
      )
      const missing = uncovered(able, others, ofFamily(to, family), family)
      if (missing) {
        // A machine says more than a pod.
        const node = [...plan.directory.machines.values()].find((one) =>
          overlap(missing.from, ofFamily(one.addresses, family)),
        )
        const sender = intersect(missing.from, node ? ofFamily(node.addresses, family) : missing.from)[0]?.first ?? 0n
        return { from: nameOf(plan, sender, family), to: nameOf(plan, missing.to, family) }
      }
    }
  }
  return null
}

function uncovered(
  parts: readonly Part[],
  from: Intervals,
  to: Intervals,
  family: Family,
): { from: Intervals; to: bigint } | null {
  const starts = new Set(to.map(({ first }) => first))
  for (const part of parts)
    for (const { first, last } of intersect(ofFamily(part.destinations, family), to)) {
      starts.add(first)
      if (includes(to, last + 1n)) starts.add(last + 1n)
    }
  for (const start of starts) {
    const sources = parts
      .filter((part) => includes(ofFamily(part.destinations, family), start))
      .map((part) => ofFamily(part.sources, family))
    const missing = subtract(from, sources.reduce(union, []))
    if (missing.length > 0) return { from: missing, to: start }
  }
  return null
}

function nameOf(plan: AccessPlan, value: bigint, family: Family): string {
  const text = formatInterval({ first: value, last: value }, family)
  for (const { name, addresses, pods } of plan.directory.machines.values()) {
    if (includes(ofFamily(addresses, family), value)) return `${name} (${text})`
    if (includes(ofFamily(pods, family), value)) return `the pods of ${name} (${text})`
  }
  return `pods (${text})`
}

const covers = (ports: readonly PortRange[] | null, range: PortRange): boolean =>
  ports === null || ports.some(({ first, last }) => first <= range.first && range.last <= last)
