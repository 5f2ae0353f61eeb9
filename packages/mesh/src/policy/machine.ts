/** A node or device as the policy sees it: its addresses, and by which words it is meant. */
import { parseAddress } from '../ip/address.ts'
import { parsePrefix } from '../ip/prefix.ts'
import { type AddressSet, addressSet, rangeOfAddress, rangeOfPrefix } from './address-set.ts'
import type { World, WorldDevice, WorldNode } from './world.ts'

export type Machine = {
  readonly id: string
  readonly name: string
  readonly kind: 'node' | 'device'
  readonly owner: string | null
  readonly addresses: AddressSet
  /** Of the pods on it. */
  readonly pods: AddressSet
  /** `tag:db`, `site:berlin`, `user:alice@example.com`, …: keys of the selectors that mean it. */
  readonly keys: readonly string[]
  /** Equal when nothing of it changed; `row` and `standing` are what it was made of. */
  readonly signature: string
  readonly row: WorldNode | WorldDevice
  readonly standing: string
}

export function machinesOf(world: World, known: ReadonlyMap<string, Machine>): ReadonlyMap<string, Machine> {
  const roles = new Map(world.members.map(({ email, role }) => [email.toLowerCase(), role]))
  const clusterKeys = clusterKeysOf(world)
  const machines = new Map<string, Machine>()
  const add = (row: WorldNode | WorldDevice, kind: Machine['kind']) => {
    const before = known.get(row.id)
    const standing = `${row.owner === null ? '' : roles.get(row.owner.toLowerCase())} ${clusterKeys.get(row.id) ?? ''}`
    if (before?.row === row && before.standing === standing) {
      machines.set(row.id, before)
      return
    }
    const node = kind === 'node' ? (row as WorldNode) : null
    const owner = row.owner === null || (node && node.tags.length > 0) ? null : row.owner.toLowerCase()
    const keys = [
      ...(node ? nodeKeys(node) : []),
      ...(clusterKeys.get(row.id) ?? []),
      ...ownerKeys(owner, roles),
    ].sort()
    const texts = [row.address4, row.address6, ...(node?.podRanges ?? [])]
    const signature = [kind, row.name, ...texts, ...keys].join('\n')
    machines.set(
      row.id,
      before?.signature === signature ? before : { ...machine(row, kind, owner, keys), signature, row, standing },
    )
  }
  for (const node of world.nodes) add(node, 'node')
  for (const device of world.devices) add(device, 'device')
  return machines
}

function machine(
  row: WorldNode | WorldDevice,
  kind: Machine['kind'],
  owner: string | null,
  keys: readonly string[],
): Omit<Machine, 'signature' | 'row' | 'standing'> {
  return {
    id: row.id,
    name: row.name,
    kind,
    owner,
    keys,
    addresses: addressSet([row.address4, row.address6].flatMap(rangesOfAddress)),
    pods: 'podRanges' in row ? rangesOf(row.podRanges) : addressSet([]),
  }
}

const nodeKeys = ({ name, site, tags }: WorldNode): string[] => [
  `node:${name}`,
  ...(site === null ? [] : [`site:${site}`]),
  ...tags.map((tag) => `tag:${tag}`),
  ...(tags.length > 0 ? ['autogroup:tagged'] : []),
]

function ownerKeys(owner: string | null, roles: ReadonlyMap<string, string>): string[] {
  if (owner === null) return []
  const role = roles.get(owner)
  return [
    `user:${owner}`,
    `domain:${owner.slice(owner.indexOf('@') + 1)}`,
    'autogroup:member',
    ...(role === 'owner' || role === 'admin' ? [`autogroup:${role}`] : []),
  ]
}

function clusterKeysOf(world: World): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>()
  for (const { name, nodes } of world.clusters)
    for (const { id, role } of nodes)
      keys.set(id, [...(keys.get(id) ?? []), `cluster:${name}`, ...(role === 'server' ? [`servers:${name}`] : [])])
  return keys
}

// Rows were checked when they were written; one from elsewhere must not stop the rules of everybody else.
function rangesOfAddress(text: string | null) {
  const address = text === null ? null : parseAddress(text)
  return address?.ok ? [rangeOfAddress(address.value)] : []
}

export function rangesOf(texts: readonly string[]): AddressSet {
  return addressSet(
    texts.flatMap((text) => {
      const prefix = parsePrefix(text)
      return prefix.ok ? [rangeOfPrefix(prefix.value)] : []
    }),
  )
}
