/**
 * A policy out of its text: Tailscale's policy file as people have it, without what does not apply here. Names of nodes, people and
 * sites are looked up later, by `checkNames`: they come and go while the policy stays.
 */
import { compareFindings, type Finding, type Place } from './finding.ts'
import type { JsonMember, JsonNode } from './json-node.ts'
import { NodeReader } from './node-reader.ts'
import { OPEN_POLICY, type Policy, type Rule } from './policy.ts'
import { readAcl } from './read-acl.ts'
import { readGrant } from './read-grant.ts'
import { readHujson } from './read-hujson.ts'
import { readTest } from './read-test.ts'
import { readWho } from './read-who.ts'
import { OTHER_SECTIONS } from './sections.ts'
import type { Selector } from './selector.ts'

export type ReadPolicy = {
  /** Null when there is an error among the findings. */
  readonly policy: Policy | null
  /** In the order of the text. */
  readonly findings: readonly Finding[]
}

const SECTIONS = ['groups', 'tagOwners', 'hosts', 'acls', 'grants', 'tests'] as const

export function readPolicy(text: string): ReadPolicy {
  const tree = readHujson(text)
  if (!tree.ok) return { policy: null, findings: [...tree.error].sort(compareFindings) }
  const reader = new NodeReader()
  const policy = policyOf(reader, tree.value)
  const findings = reader.findings.sort(compareFindings)
  return { policy: findings.some(({ severity }) => severity === 'error') ? null : policy, findings }
}

function policyOf(reader: NodeReader, root: JsonNode): Policy {
  const sections = reader.fields(root, 'A policy', SECTIONS, (member) => noteSection(reader, member))
  const acls = reader.list(sections.acls, 'acls').map((node, i) => readAcl(reader, node, i + 1))
  const grants = reader.list(sections.grants, 'grants').map((node, i) => readGrant(reader, node, acls.length + i + 1))
  return {
    ...OPEN_POLICY,
    isOpen: !sections.acls && !sections.grants,
    groups: readGroups(reader, sections.groups),
    tagOwners: readTagOwners(reader, sections.tagOwners),
    hosts: readHosts(reader, sections.hosts),
    rules: [...acls, ...grants].filter((rule): rule is Rule => rule !== null),
    tests: reader.list(sections.tests, 'tests').flatMap((node) => readTest(reader, node) ?? []),
    acls: sections.acls?.at ?? null,
  }
}

function noteSection(reader: NodeReader, { key, keyAt }: JsonMember): boolean {
  const name = Object.keys(OTHER_SECTIONS).find((known) => known.toLowerCase() === key.toLowerCase())
  const section = name === undefined ? undefined : OTHER_SECTIONS[name]
  if (!section) return false
  const message = `"${key}" does not apply here: ${section.reason}.`
  if (section.narrows)
    reader.refuse(keyAt, 'not-here', { message, fix: 'Remove it when the wider rules are what you want' })
  else reader.note(keyAt, 'not-here', { message, fix: 'It is left out and can be removed' })
  return true
}

function readGroups(reader: NodeReader, node: JsonNode | undefined): Policy['groups'] {
  const groups = new Map<string, { at: Place; members: readonly Selector[] }>()
  for (const { key, keyAt, value } of node ? reader.members(node, 'groups') : []) {
    const name = named(reader, 'group', key, keyAt)
    const members = reader.texts(value, `group "${key}"`).flatMap(({ value, at }) => {
      const member = readWho(reader, value, at)
      if (member === null || member.kind === 'user' || member.kind === 'domain' || member.kind === 'nobody')
        return member ?? []
      reader.refuse(at, 'bad-value', {
        message:
          member.kind === 'group'
            ? 'A group cannot be in a group.'
            : `"${value}" is no person; only people are in groups.`,
        fix:
          member.kind === 'group'
            ? 'List its people here too'
            : 'Write e-mail addresses, and name the rest in the rule itself',
      })
      return []
    })
    if (name !== null) groups.set(name, { at: keyAt, members })
  }
  return groups
}

function readTagOwners(reader: NodeReader, node: JsonNode | undefined): Policy['tagOwners'] {
  const tags = new Map<string, { at: Place; owners: readonly Selector[] }>()
  for (const { key, keyAt, value } of node ? reader.members(node, 'tagOwners') : []) {
    const name = named(reader, 'tag', key, keyAt)
    const owners = reader
      .texts(value, `owners of "${key}"`)
      .flatMap(({ value, at }) => readWho(reader, value, at) ?? [])
    if (name !== null) tags.set(name, { at: keyAt, owners })
  }
  return tags
}

function readHosts(reader: NodeReader, node: JsonNode | undefined): Policy['hosts'] {
  const hosts = new Map<string, Selector>()
  for (const { key, keyAt, value } of node ? reader.members(node, 'hosts') : []) {
    const text = reader.text(value, `"${key}" in hosts`)
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(key) || /^[0-9.]+$/.test(key))
      reader.refuse(keyAt, 'bad-value', {
        message: `"${key.slice(0, 60)}" cannot be an alias.`,
        fix: 'Aliases have letters, digits, - _ . and are no address',
      })
    const selector = text === null ? null : readWho(reader, text, value.at)
    if (selector?.kind === 'addresses') hosts.set(key, selector)
    else if (selector !== null)
      reader.refuse(value.at, 'bad-value', {
        message: 'An alias stands for an address or a range.',
        fix: 'Write it like 10.77.0.5 or 10.77.0.0/24',
      })
  }
  return hosts
}

function named(reader: NodeReader, word: 'group' | 'tag', key: string, at: Place): string | null {
  const name = new RegExp(`^${word}:([a-zA-Z0-9][a-zA-Z0-9_.-]{0,127})$`).exec(key)?.[1]
  if (name !== undefined && (word === 'group' || /^[a-zA-Z]/.test(name))) return name
  reader.refuse(at, 'bad-value', {
    message: `"${key.slice(0, 60)}" is no name of a ${word}.`,
    fix: `Write ${word}:NAME with letters, digits, - _ .${word === 'tag' ? ', beginning with a letter' : ''}`,
  })
  return null
}
