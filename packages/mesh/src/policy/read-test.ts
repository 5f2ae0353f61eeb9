/** One entry of `tests`: `{ "src": "alice@example.com", "accept": ["tag:db:5432"], "deny": ["tag:db:22"] }`. */
import type { JsonMember, JsonNode } from './json-node.ts'
import type { NodeReader } from './node-reader.ts'
import type { PolicyTest, TestTarget } from './policy.ts'
import { splitDestination } from './read-destination.ts'
import { readProtocol } from './read-protocol.ts'
import { readSource, readWho } from './read-who.ts'
import { hasPorts, TCP, UDP } from './service.ts'

export function readTest(reader: NodeReader, node: JsonNode): PolicyTest | null {
  if (node.kind !== 'object') {
    reader.members(node, 'Each entry of tests')
    return null
  }
  const fields = reader.fields(node, 'A test', ['src', 'proto', 'accept', 'deny', 'user', 'allow'], (member) =>
    notePosture(reader, member),
  )
  // `user` and `allow` are what src and accept were called in Tailscale's first files.
  const [src, allow] = [fields.src ?? fields.user, fields.accept ?? fields.allow]
  if (!src) reader.refuse(node.at, 'missing-field', { message: 'The test has no src.', fix: 'Write "src": "…"' })
  if (!allow && !fields.deny)
    reader.refuse(node.at, 'missing-field', {
      message: 'The test asks for nothing.',
      fix: 'Write "accept": [ … ] or "deny": [ … ]',
    })
  const text = reader.text(src, 'src of a test')
  const source = text === null || !src ? null : readSource(reader, text, src.at)
  const accept = targets(reader, allow, 'accept')
  const deny = targets(reader, fields.deny, 'deny')
  return source && { at: node.at, source, protocols: protocolsOf(reader, fields.proto), accept, deny }
}

function protocolsOf(reader: NodeReader, node: JsonNode | undefined): readonly number[] {
  const text = reader.text(node, 'proto of a test')
  if (node === undefined || text === null || text === '') return [TCP, UDP]
  const read = readProtocol(text)
  if (read.ok && read.value.some(hasPorts)) return read.value
  reader.refuse(
    node.at,
    'bad-value',
    read.ok
      ? { message: 'A test asks for a port, and this protocol has none.', fix: 'Write tcp, udp or sctp' }
      : read.error,
  )
  return [TCP, UDP]
}

function targets(reader: NodeReader, node: JsonNode | undefined, name: 'accept' | 'deny'): readonly TestTarget[] {
  return reader.texts(node, name).flatMap(({ value, at }) => {
    const split = splitDestination(value)
    if (!split.ok) {
      reader.refuse(at, 'bad-value', split.error)
      return []
    }
    const [range, ...more] = split.value.ports ?? []
    if (!range || more.length > 0 || range.first !== range.last) {
      reader.refuse(at, 'bad-value', { message: 'A test asks for one port.', fix: 'Write one line for each port' })
      return []
    }
    const selector = readWho(reader, split.value.whom, at)
    return selector ? [{ selector, port: range.first, text: value, at }] : []
  })
}

function notePosture(reader: NodeReader, { key, keyAt }: JsonMember): boolean {
  if (key.toLowerCase() !== 'srcpostureattrs') return false
  reader.note(keyAt, 'not-here', {
    message: `"${key}" does not apply here: the state of a device is not looked at.`,
    fix: 'It can be removed',
  })
  return true
}
