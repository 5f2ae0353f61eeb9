import { parseNodeName } from '@spanwire/mesh/names/parse-node-name'
import { endpointFault } from '~/ui/endpoint-fault.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import type { Labels } from '~/ui/parse-labels.ts'

export type Role = 'gateway' | 'member'

/** What the form holds of the node that is to come. */
export type Draft = {
  name: string
  role: Role
  siteId: string | null
  /** 'host:port'; '' when it has none */
  endpoint: string
  labels: Labels
  tags: string[]
}

export type Faults = Partial<Record<keyof Draft, string>>

/** What the server would refuse, said before it is asked. A gateway without an endpoint may be kept so, but not yet join. */
export function draftFaults(draft: Draft): Faults {
  const faults: Faults = {}
  const name = fieldProblem(parseNodeName(draft.name))
  if (name) faults.name = name
  const endpoint = draft.role === 'gateway' && draft.endpoint !== '' ? endpointFault(draft.endpoint) : null
  if (endpoint) faults.endpoint = endpoint
  return faults
}

export const NEEDS_ENDPOINT =
  'A gateway needs its public endpoint first: the address and UDP port at which other machines reach it.'

export const NEEDS_GATEWAY =
  'No gateway has joined this network yet, so a member would be refused: the gateway comes first.'

/** Why the line must not be pasted as the form stands; null when it may be. */
export function whyNotReady(draft: Draft, faults: Faults, hasGateway: boolean): string | null {
  if (draft.role === 'member' && !hasGateway) return NEEDS_GATEWAY
  if (draft.role === 'gateway' && draft.endpoint === '') return NEEDS_ENDPOINT
  const [fault] = Object.values(faults)
  return fault ? `Not saved yet. ${fault}` : null
}

/** Fields that only make sense together are sent together. */
export const GROUPS = [
  ['name'],
  ['role', 'endpoint'],
  ['siteId'],
  ['labels'],
  ['tags'],
] as const satisfies (keyof Draft)[][]

export type Group = (typeof GROUPS)[number]

export function changed(draft: Draft, saved: Draft, group: Group): boolean {
  return group.some((field) => JSON.stringify(draft[field]) !== JSON.stringify(saved[field]))
}

/** As the server takes it: no endpoint is null, and a member declares none. */
export function changesOf(draft: Draft, group: Group) {
  switch (group[0]) {
    case 'name':
      return { name: draft.name }
    case 'role':
      return { role: draft.role, endpoint: draft.role === 'gateway' && draft.endpoint !== '' ? draft.endpoint : null }
    case 'siteId':
      return { siteId: draft.siteId }
    case 'labels':
      return { labels: draft.labels }
    case 'tags':
      return { tags: draft.tags }
  }
}

/** "Add another" keeps what machines have in common; name and endpoint belong to one. */
export function keptForAnother(draft: Draft): Partial<Draft> {
  return { siteId: draft.siteId, labels: draft.labels, tags: draft.tags }
}
