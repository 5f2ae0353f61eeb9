/** A network's rows as the rules of the preflight read them. */
import type { TakenRange } from '@spanwire/mesh/cluster/check-ranges'
import { natKind } from '@spanwire/mesh/cluster/nat-kind'
import { parsePreflight } from '@spanwire/mesh/cluster/parse-preflight'
import type { PreflightContext } from '@spanwire/mesh/cluster/preflight-context'
import type { PreflightFacts } from '@spanwire/mesh/cluster/preflight-facts'
import { foreignRanges } from '@spanwire/mesh/cluster/preflight-network'
import { compareK3sVersions, type K3sVersion, parseK3sVersion } from '@spanwire/mesh/cluster/version'
import { invariant } from '@spanwire/mesh/invariant'
import { formatAddress, parseAddress } from '@spanwire/mesh/ip/address'
import { parseEndpoint } from '@spanwire/mesh/ip/endpoint'
import { formatPrefix, overlaps, type Prefix, parsePrefix, prefixOf } from '@spanwire/mesh/ip/prefix'
import type { PreflightRecord } from './read-preflights.ts'

/** What it told, with what only the other ends know: its clock, and what stands before it. Null when there is nothing to judge. */
export function knownFacts(row: PreflightRecord): PreflightFacts | null {
  const told = row.facts === null ? null : parsedOnce(row.nodeId, row.facts)
  if (told === null) return null
  const ownAddresses = addressesOfMachine(row).map(({ host }) => host)
  return {
    ...told,
    clockSkewMs: row.clockSkewMs === null ? told.clockSkewMs : Math.round(row.clockSkewMs),
    nat: natKind({ ownAddresses, listenPort: row.listenPort, seenAt: row.seenAt }),
  }
}

/** A network's page asks for all of them again and again, and they seldom change. */
const parsed = new Map<string, { text: string; facts: PreflightFacts | null }>()
const MOST_KEPT = 10_000

function parsedOnce(nodeId: string, text: string): PreflightFacts | null {
  const before = parsed.get(nodeId)
  if (before?.text === text) return before.facts
  const result = parsePreflight(text)
  const facts = result.ok ? result.value : null
  if (parsed.size >= MOST_KEPT) parsed.clear()
  parsed.set(nodeId, { text, facts })
  return facts
}

export type Elsewhere = TakenRange & { readonly nodeId: string }

/** What machines use beside our tunnels and k3s, where it would be hidden by the cluster. */
export function rangesElsewhere(rows: readonly PreflightRecord[]): Elsewhere[] {
  const settings = rows.find((row) => row.settings !== null)?.settings
  if (!settings) return []
  const wanted = [settings.podRange4, settings.podRange6, settings.serviceRange4, settings.serviceRange6].flatMap(
    (text) => (text === null ? [] : rangeOf(text)),
  )
  return rows.flatMap((row) => {
    const seen = new Set<string>()
    return rangesOf(row)
      .filter(({ prefix }) => wanted.some((range) => overlaps(range, prefix)))
      .filter(({ prefix }) => !seen.has(formatPrefix(prefix)) && seen.add(formatPrefix(prefix)))
      .map(({ prefix, name }) => ({ nodeId: row.nodeId, prefix, by: `which ${row.nodeName} uses (${name})` }))
  })
}

/** Who has not told its preflight has told its addresses, with the names of their interfaces. */
function rangesOf(row: PreflightRecord): readonly { prefix: Prefix; name: string }[] {
  const facts = knownFacts(row)
  if (facts) return foreignRanges(facts, row.interfaceName)
  return addressesOfMachine(row)
    .filter(({ name }) => !name.startsWith(row.interfaceName) && !/^(cni0$|flannel|veth|kube-)/.test(name))
    .flatMap(({ prefix, name }) => (prefix ? [{ prefix, name }] : []))
}

function addressesOfMachine({ addresses }: PreflightRecord) {
  return (addresses ?? '').split('\n').flatMap((line) => {
    const [name = '', range = ''] = line.split(' ')
    const [host = '', length = ''] = range.split('/')
    const address = parseAddress(host)
    if (!address.ok) return []
    const bits = Number(length)
    const isRange = /^[0-9]{1,3}$/.test(length) && bits > 0 && bits <= (address.value.family === 4 ? 32 : 128)
    return [{ name, host: formatAddress(address.value), prefix: isRange ? prefixOf(address.value, bits) : null }]
  })
}

export function contextOf(
  serverUrl: string,
  row: PreflightRecord,
  rows: readonly PreflightRecord[],
  elsewhere: readonly Elsewhere[],
): PreflightContext {
  return {
    nodeName: row.kubernetesName ?? row.nodeName,
    network: {
      overlay4: oneRange(row.cidr4),
      ula: oneRange(row.cidr6),
      mtu: row.mtu,
      interfaceName: row.interfaceName,
    },
    isGateway: row.isGateway,
    isControlPlane: isControlPlane(serverUrl, row),
    join: joinOf(row, rows),
    elsewhere: elsewhere.filter(({ nodeId }) => nodeId !== row.nodeId),
  }
}

function joinOf(row: PreflightRecord, rows: readonly PreflightRecord[]): PreflightContext['join'] {
  const { clusterRole: role, settings } = row
  if (role === null || settings === null) return null
  const others = rows.filter(({ nodeId }) => nodeId !== row.nodeId)
  const isRunning = row.service === 'active' || row.service === 'activating'
  return {
    role,
    cluster: settings,
    version: settings.release.kind === 'version' ? versionOf(settings.release.version) : null,
    serverVersion: oldest(others.filter(({ clusterRole }) => clusterRole === 'server')),
    nodeNames: others.flatMap(({ kubernetesName }) => kubernetesName ?? []),
    isNameRemembered: row.isListed && !row.isForgotten,
    isRunning,
  }
}

/** The oldest server decides who may join it. */
function oldest(servers: readonly PreflightRecord[]): K3sVersion | null {
  const versions = servers.flatMap(({ kubeletVersion }) => versionOf(kubeletVersion ?? '') ?? [])
  return versions.toSorted(compareK3sVersions)[0] ?? null
}

function versionOf(text: string): K3sVersion | null {
  const version = parseK3sVersion(text)
  return version.ok ? version.value : null
}

/** The address that nodes call the server by is one of this machine's. */
function isControlPlane(serverUrl: string, row: PreflightRecord): boolean {
  const host = new URL(serverUrl).hostname.replace(/^\[|\]$/g, '')
  const endpoint = row.endpoint === null ? null : parseEndpoint(row.endpoint)
  const own = addressesOfMachine(row).map((address) => address.host)
  if (endpoint?.ok)
    own.push(endpoint.value.kind === 'name' ? endpoint.value.name : formatAddress(endpoint.value.address))
  return own.includes(host)
}

const rangeOf = (text: string): Prefix[] => {
  const prefix = parsePrefix(text)
  return prefix.ok ? [prefix.value] : []
}

function oneRange(text: string): Prefix {
  const [prefix] = rangeOf(text)
  invariant(prefix, `${text} was checked when the network was made`)
  return prefix
}
