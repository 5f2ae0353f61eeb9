/** One entry of `grants`, Tailscale's other way to write a rule: `{ "src": ["group:eng"], "dst": ["tag:db"], "ip": ["tcp:5432"] }`. */
import { err, ok, type Result } from '../result.ts'
import type { JsonNode } from './json-node.ts'
import type { NodeReader } from './node-reader.ts'
import type { Rule } from './policy.ts'
import { USUAL_PROTOCOLS } from './protocol-names.ts'
import { refuseNarrowing } from './read-acl.ts'
import { readPorts } from './read-ports.ts'
import { type Refused, readProtocol } from './read-protocol.ts'
import { readSource, readWho } from './read-who.ts'
import { hasPorts, mergeServices, type Service } from './service.ts'

export function readGrant(reader: NodeReader, node: JsonNode, number: number): Rule | null {
  if (node.kind !== 'object') {
    reader.members(node, 'Each entry of grants')
    return null
  }
  const before = reader.findings.length
  const fields = reader.fields(node, 'A grant', ['src', 'dst', 'ip', 'app'], (member) =>
    refuseNarrowing(reader, member),
  )
  if (fields.app)
    reader.note(fields.app.at, 'not-here', {
      message: '"app" does not apply here: it gives rights inside of Tailscale\'s own programs.',
      fix: 'It can be removed',
    })
  for (const name of ['src', 'dst'] as const)
    if (!fields[name])
      reader.refuse(node.at, 'missing-field', { message: `The grant has no ${name}.`, fix: `Write "${name}": [ … ]` })
  const services = mergeServices(
    reader.texts(fields.ip, 'ip').flatMap(({ value, at }) => {
      const read = readCapability(value)
      if (read.ok) return read.value
      reader.refuse(at, 'bad-value', read.error)
      return []
    }),
  )
  const sources = reader.texts(fields.src, 'src').flatMap(({ value, at }) => readSource(reader, value, at) ?? [])
  const destinations = reader
    .texts(fields.dst, 'dst')
    .flatMap(({ value, at }) => readWho(reader, value, at) ?? [])
    .map((selector) => ({ selector, services }))
  if (reader.findings.slice(before).some(({ severity }) => severity === 'error')) return null
  return { number, at: node.at, sources, destinations: services.length === 0 ? [] : destinations }
}

/** `*`, `443`, `80-443`, `tcp:443`, `icmp:*`. */
function readCapability(text: string): Result<readonly Service[], Refused> {
  const colon = text.indexOf(':')
  const protocols = colon < 0 ? ok(USUAL_PROTOCOLS) : readProtocol(text.slice(0, colon))
  if (!protocols.ok) return protocols
  const ports = readPorts(text.slice(colon + 1))
  if (!ports.ok) return ports
  if (ports.value !== null && !protocols.value.some(hasPorts))
    return err({
      message: `"${text.slice(0, 40)}": this protocol has no ports.`,
      fix: `Write ${text.slice(0, colon)}:*`,
    })
  return ok(protocols.value.map((protocol) => ({ protocol, ports: hasPorts(protocol) ? ports.value : null })))
}
