/** A policy as it was read: names are not looked up yet, so it outlives the nodes and people that it names. */
import type { Place } from './finding.ts'
import type { Selector } from './selector.ts'
import type { Service } from './service.ts'

export type Destination = {
  readonly selector: Selector
  /** What is let through to it, one of each protocol. */
  readonly services: readonly Service[]
}

export type Rule = {
  /** Counted from 1 through `acls`, then `grants`; counters on nodes bear it. */
  readonly number: number
  readonly at: Place
  readonly sources: readonly Selector[]
  readonly destinations: readonly Destination[]
}

export type TestTarget = {
  readonly selector: Selector
  readonly port: number
  readonly text: string
  readonly at: Place
}

export type PolicyTest = {
  readonly at: Place
  readonly source: Selector
  /** Without `proto`: TCP or UDP will do for `accept`, and neither may pass for `deny`. */
  readonly protocols: readonly number[]
  readonly accept: readonly TestTarget[]
  readonly deny: readonly TestTarget[]
}

export type Policy = {
  /** No `acls` at all: everything inside of the network is allowed. An empty list allows nothing. */
  readonly isOpen: boolean
  readonly groups: ReadonlyMap<string, { readonly at: Place; readonly members: readonly Selector[] }>
  readonly tagOwners: ReadonlyMap<string, { readonly at: Place; readonly owners: readonly Selector[] }>
  readonly hosts: ReadonlyMap<string, Selector>
  readonly rules: readonly Rule[]
  readonly tests: readonly PolicyTest[]
  /** Where `acls` begins and ends in the text, for whoever adds a rule. */
  readonly acls: Place | null
}

export const OPEN_POLICY: Policy = {
  isOpen: true,
  groups: new Map(),
  tagOwners: new Map(),
  hosts: new Map(),
  rules: [],
  tests: [],
  acls: null,
}
