/** One entry of `acls`: `{ "action": "accept", "proto": "tcp", "src": ["group:eng"], "dst": ["tag:db:5432"] }`. */
import type { Place } from './finding.ts'
import type { JsonMember, JsonNode } from './json-node.ts'
import type { NodeReader } from './node-reader.ts'
import type { Destination, Rule } from './policy.ts'
import { USUAL_PROTOCOLS } from './protocol-names.ts'
import { splitDestination } from './read-destination.ts'
import { readProtocol } from './read-protocol.ts'
import { readSource, readWho } from './read-who.ts'
import { hasPorts, mergeServices, type PortRange, type Service } from './service.ts'

export function readAcl(reader: NodeReader, node: JsonNode, number: number): Rule | null {
  if (node.kind !== 'object') {
    reader.members(node, 'Each entry of acls')
    return null
  }
  const before = reader.findings.length
  const fields = reader.fields(node, 'A rule', ['action', 'proto', 'src', 'dst', 'users', 'ports'], (member) =>
    refuseNarrowing(reader, member),
  )
  const action = reader.text(fields.action, 'action')
  if (action === null || action.toLowerCase() !== 'accept')
    reader.refuse(fields.action?.at ?? node.at, action === null ? 'missing-field' : 'bad-value', {
      message: action === null ? 'The rule has no action.' : `The action "${action.slice(0, 40)}" does not exist.`,
      fix: 'Write "action": "accept"; what no rule accepts is denied',
    })
  const protocols = protocolsOf(reader, fields.proto)
  // `users` and `ports` are what src and dst were called in Tailscale's first files.
  const sources = reader.texts(needed(reader, node, 'src', fields.src ?? fields.users), 'src')
  const destinations = reader.texts(needed(reader, node, 'dst', fields.dst ?? fields.ports), 'dst')
  const rule: Rule = {
    number,
    at: node.at,
    sources: sources.flatMap(({ value, at }) => readSource(reader, value, at) ?? []),
    destinations: destinations.flatMap(({ value, at }) => destination(reader, value, at, protocols) ?? []),
  }
  // One faulty entry refuses the policy anyway; half of a rule is no rule.
  return reader.findings.slice(before).some(({ severity }) => severity === 'error') ? null : rule
}

export function refuseNarrowing(reader: NodeReader, { key, keyAt }: JsonMember): boolean {
  if (!/^(srcposture|via)$/i.test(key)) return false
  const what = key.toLowerCase() === 'via' ? 'which node carries' : 'the state of a device'
  reader.refuse(keyAt, 'not-here', {
    message: `"${key}" does not apply here: a policy cannot say ${what}, and without it the rule lets more through.`,
    fix: 'Remove it when the wider rule is what you want',
  })
  return true
}

function needed(reader: NodeReader, rule: JsonNode, name: 'src' | 'dst', value: JsonNode | undefined) {
  if (!value)
    reader.refuse(rule.at, 'missing-field', { message: `The rule has no ${name}.`, fix: `Write "${name}": [ … ]` })
  return value
}

function protocolsOf(reader: NodeReader, node: JsonNode | undefined): readonly number[] | null {
  const text = reader.text(node, 'proto')
  if (text === null || text === '' || node === undefined) return null
  const read = readProtocol(text)
  if (read.ok) return read.value
  reader.refuse(node.at, 'bad-value', read.error)
  return null
}

function destination(
  reader: NodeReader,
  text: string,
  at: Place,
  protocols: readonly number[] | null,
): Destination | null {
  const split = splitDestination(text)
  if (!split.ok) {
    reader.refuse(at, 'bad-value', split.error)
    return null
  }
  const { whom, ports } = split.value
  if (protocols && ports !== null && !protocols.some(hasPorts)) {
    reader.refuse(at, 'bad-value', {
      message: 'This protocol has no ports.',
      fix: `Write ${whom.includes(':') && !/^[a-z]+:/.test(whom) ? `[${whom}]` : whom}:*`,
    })
    return null
  }
  const selector = readWho(reader, whom, at)
  return selector && { selector, services: servicesOf(protocols, ports) }
}

/** Ping comes with a rule without `proto`, whatever its ports. */
const servicesOf = (protocols: readonly number[] | null, ports: readonly PortRange[] | null): readonly Service[] =>
  mergeServices(
    (protocols ?? USUAL_PROTOCOLS).map((protocol) => ({ protocol, ports: hasPorts(protocol) ? ports : null })),
  )
