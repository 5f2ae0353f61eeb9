/**
 * Looks up every name of a policy in the network, when it is written. A typing slip refuses it; people may be named before they join. Later,
 * when a machine is gone, its name simply means nobody: rules must not fall because a node was removed.
 */
import { type AddressSet, common, isNobody, meet } from './address-set.ts'
import { addressesOf, directoryOf } from './directory.ts'
import { compareFindings, error, type Finding, warning } from './finding.ts'
import { subtract } from './intervals.ts'
import { rangesOf } from './machine.ts'
import { didYouMean } from './nearest.ts'
import type { Policy } from './policy.ts'
import type { Selector } from './selector.ts'
import type { World } from './world.ts'

export function checkNames(policy: Policy, world: World): readonly Finding[] {
  const book = bookOf(policy, world)
  const findings: Finding[] = []
  const check = (role: 'src' | 'dst' | 'other') => (selector: Selector) => {
    const found = unknownName(selector, book) ?? withoutEffect(selector, role, book)
    if (found) findings.push(found)
  }
  for (const { members } of policy.groups.values()) members.forEach(check('other'))
  for (const { owners } of policy.tagOwners.values()) owners.forEach(check('other'))
  for (const { sources, destinations } of policy.rules) {
    sources.forEach(check('src'))
    for (const { selector } of destinations) check('dst')(selector)
  }
  for (const { source, accept, deny } of policy.tests) {
    check('other')(source)
    for (const { selector } of [...accept, ...deny]) check('other')(selector)
  }
  return findings.sort(compareFindings)
}

type Book = {
  readonly names: Readonly<Record<string, ReadonlySet<string>>>
  readonly wrapped: ReadonlyMap<string, string>
  readonly network: AddressSet
  readonly services: AddressSet
  readonly addressesOf: (selector: Selector) => AddressSet
}

function bookOf(policy: Policy, world: World): Book {
  const directory = directoryOf(policy, world, null)
  const clusters = new Set(world.clusters.map(({ name }) => name))
  return {
    names: {
      user: new Set(world.members.map(({ email }) => email.toLowerCase())),
      group: new Set(policy.groups.keys()),
      tag: new Set([...policy.tagOwners.keys(), ...world.nodes.flatMap(({ tags }) => tags)]),
      host: new Set(policy.hosts.keys()),
      node: new Set(world.nodes.map(({ name }) => name)),
      site: new Set(world.sites),
      cluster: clusters,
      servers: clusters,
      pods: clusters,
    },
    wrapped: new Map(world.clusters.flatMap(({ name, backend }) => (backend === 'host-gw' ? [] : [[name, backend]]))),
    network: directory.network,
    services: rangesOf(world.clusters.flatMap(({ serviceRanges }) => serviceRanges)),
    addressesOf: (selector) => addressesOf(directory, selector),
  }
}

/** What to do about a name that is nowhere, when none is near. */
const REMEDY: Readonly<Record<string, string>> = {
  group: 'Put it into groups',
  tag: 'Put it into tagOwners',
  host: 'Put it into hosts, or write node:NAME for a node',
  node: 'Nodes are listed on the page of the network',
  site: 'Sites are listed on the page of the network',
  cluster: 'The network has no cluster of this name',
  servers: 'The network has no cluster of this name',
  pods: 'The network has no cluster of this name',
}

function unknownName(selector: Selector, { names }: Book): Finding | null {
  if (!('name' in selector)) return null
  const known = names[selector.kind]
  if (!known || known.has(selector.name)) return null
  if (selector.kind === 'user' && /@[^.]*$/.test(selector.name))
    return warning(
      selector.at,
      'nobody-yet',
      `${selector.name} is no e-mail address, so this means nobody.`,
      'Write the one they sign in with',
    )
  if (selector.kind === 'user')
    return warning(
      selector.at,
      'nobody-yet',
      `${selector.name} is no member here, so this means nobody until they are.`,
      didYouMean(selector.name, known, 'Invite them, or remove the address'),
    )
  if (selector.kind === 'host' && names.node?.has(selector.name))
    return error(
      selector.at,
      'unknown-name',
      `"${selector.name}" is a node, not an alias of hosts.`,
      `Write node:${selector.name}`,
    )
  const word =
    selector.kind === 'host'
      ? 'alias'
      : selector.kind === 'servers' || selector.kind === 'pods'
        ? 'cluster'
        : selector.kind
  return error(
    selector.at,
    'unknown-name',
    `There is no ${word} "${selector.name}".`,
    didYouMean(selector.name, known, REMEDY[selector.kind] ?? 'Look at the spelling'),
  )
}

function withoutEffect(selector: Selector, role: 'src' | 'dst' | 'other', book: Book): Finding | null {
  const backend = selector.kind === 'pods' ? book.wrapped.get(selector.name) : undefined
  if (backend !== undefined)
    return warning(
      selector.at,
      'no-effect',
      `The pods of ${selector.kind === 'pods' ? selector.name : ''} travel wrapped (${backend === 'vxlan' ? 'VXLAN' : 'its own CNI'}), so rules about them change nothing.`,
      'Use a NetworkPolicy in Kubernetes, or host-gw as the backend of the cluster',
    )
  if (selector.kind !== 'addresses' && selector.kind !== 'host') return null
  const set = book.addressesOf(selector)
  if (role === 'dst' && meet(set, book.services))
    return warning(
      selector.at,
      'no-effect',
      'This is the range of Kubernetes services, and traffic arrives with the address of a pod.',
      'Name the pods: pods:NAME',
    )
  if (!isNobody(set) && isNobody(common(set, book.network)) && isNobody(outside(set, TAILSCALE)))
    return warning(
      selector.at,
      'no-effect',
      'This is an address of Tailscale, which nobody has here.',
      'Name the machine: node:NAME, tag:NAME, or its address in this network',
    )
  if (role === 'src' && !isNobody(set) && isNobody(common(set, book.network)))
    return warning(
      selector.at,
      'no-effect',
      'Nothing comes from there: it lies outside of this network.',
      'Name nodes, people or addresses of this network',
    )
  return null
}

/** What Tailscale gives its machines (tailscale.com/kb/1033 and 1121). A file from there has them as aliases. */
const TAILSCALE = rangesOf(['100.64.0.0/10', 'fd7a:115c:a1e0::/48'])

const outside = (set: AddressSet, range: AddressSet): AddressSet => ({
  v4: subtract(set.v4, range.v4),
  v6: subtract(set.v6, range.v6),
})
