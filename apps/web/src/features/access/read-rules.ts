/**
 * The rules of a policy as rows of a form. A rule that has more to it than a form shows (comments inside, fields of Tailscale's first
 * files, what is no list of texts) has no fields: it is changed in the text, where nothing of it can get lost.
 */
import type { JsonMember, JsonNode } from '@spanwire/mesh/policy/json-node'
import { splitDestination } from '@spanwire/mesh/policy/read-destination'
import { readHujson } from '@spanwire/mesh/policy/read-hujson'

export type RuleFields = {
  readonly from: readonly string[]
  /** With their ports when these differ: then `ports` is null. */
  readonly to: readonly string[]
  readonly ports: string | null
  /** '' is TCP, UDP and ping. */
  readonly protocol: string
}

export type RuleRow = {
  /** Counted from 1 through `acls`, then `grants`. */
  readonly number: number
  readonly line: number
  readonly from: number
  readonly to: number
  readonly text: string
  /** Null: to be changed in the text. */
  readonly fields: RuleFields | null
  /** Lines without their slashes. */
  readonly comment: string
}

/** Null where the text cannot be read. */
export function readRules(text: string): readonly RuleRow[] | null {
  const tree = readHujson(text)
  if (!tree.ok || tree.value.kind !== 'object') return null
  const { members } = tree.value
  const items = (name: string): readonly JsonNode[] => {
    const list = members.find(({ key }) => key.toLowerCase() === name)?.value
    return list?.kind === 'array' ? list.items : []
  }
  const acls = items('acls')
  return [...acls, ...items('grants')].map(({ at, ...node }, i) => ({
    number: i + 1,
    line: at.line,
    from: at.from,
    to: at.to,
    text: text.slice(at.from, at.to),
    fields: i < acls.length ? fieldsOf({ at, ...node } as JsonNode, text) : null,
    comment: commentOf(text, at.from, at.to)?.words ?? '',
  }))
}

export type CommentPlace = {
  readonly kind: 'above' | 'behind'
  readonly from: number
  readonly to: number
  readonly words: string
}

/** The lines that begin with // directly above a rule, or what follows it on its line. */
export function commentOf(text: string, from: number, to: number): CommentPlace | null {
  const start = text.lastIndexOf('\n', from - 1) + 1
  if (text.slice(start, from).trim() !== '') return null
  let top = start
  const words: string[] = []
  while (top > 0) {
    const above = text.lastIndexOf('\n', top - 2) + 1
    const line = /^[ \t]*\/\/ ?(.*?)[ \t\r]*$/.exec(text.slice(above, top - 1))
    if (!line) break
    words.unshift(line[1] ?? '')
    top = above
  }
  if (words.length > 0) return { kind: 'above', from: top, to: start, words: words.join('\n') }
  const behind = /^[ \t]*,?([ \t]*\/\/ ?([^\n\r]*))/.exec(text.slice(to))
  if (!behind) return null
  const at = to + behind[0].length - (behind[1] ?? '').length
  return { kind: 'behind', from: at, to: to + behind[0].length, words: (behind[2] ?? '').trimEnd() }
}

function fieldsOf(node: JsonNode, text: string): RuleFields | null {
  if (node.kind !== 'object' || hasComment(text.slice(node.at.from, node.at.to))) return null
  const byKey = new Map(node.members.map((member) => [member.key, member]))
  if ([...byKey.keys()].some((key) => !FIELDS.has(key))) return null
  const action = byKey.get('action')?.value
  if (action?.kind !== 'string' || action.value !== 'accept') return null
  const protocol = byKey.get('proto')?.value
  if (protocol && protocol.kind !== 'string') return null
  const [from, dst] = [textsOf(byKey.get('src')), textsOf(byKey.get('dst'))]
  if (!from || !dst) return null
  return { from, ...splitAll(dst), protocol: protocol?.value ?? '' }
}

const FIELDS = new Set(['action', 'proto', 'src', 'dst'])

function textsOf(member: JsonMember | undefined): readonly string[] | null {
  if (member?.value.kind !== 'array') return null
  const { items } = member.value
  const texts = items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
  return texts.length === items.length ? texts : null
}

/** `tag:db:22`, `tag:web:22` are two with one port; with several kinds of ports each keeps its own. */
function splitAll(dst: readonly string[]): Pick<RuleFields, 'to' | 'ports'> {
  const parts = dst.map((one) => {
    const split = splitDestination(one)
    return split.ok ? { whom: split.value.whom, ports: one.slice(one.lastIndexOf(':') + 1) } : null
  })
  const ports = parts[0]?.ports
  if (ports === undefined || parts.some((part) => part?.ports !== ports)) return { to: dst, ports: null }
  return { to: parts.map((part) => part?.whom ?? ''), ports }
}

/** A slash inside of a text is none. */
function hasComment(text: string): boolean {
  return /\/[/*]/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
}
