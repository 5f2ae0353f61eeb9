/** What is changed in the form, as changes of the text: everything else in it stays, character by character. */
import { addRules } from '@spanwire/mesh/policy/add-rules'
import type { JsonNode } from '@spanwire/mesh/policy/json-node'
import { readHujson } from '@spanwire/mesh/policy/read-hujson'
import { commentOf, type RuleFields, type RuleRow } from './read-rules.ts'

export type EditedRule = { readonly fields: RuleFields; readonly comment: string }

/** Only the values that differ are written anew, so a rule keeps its lines and the order of its fields. */
export function changeRule(text: string, row: RuleRow, { fields, comment }: EditedRule): string {
  const node = ruleAt(text, row)
  if (!node || !row.fields) return text
  const edits: Edit[] = []
  const member = (key: string) => node.members.find((one) => one.key === key)
  const [src, dst, proto, action] = [member('src'), member('dst'), member('proto'), member('action')]
  if (!src || !dst || !action) return text
  if (!same(fields.from, row.fields.from)) edits.push({ ...src.value.at, insert: list(fields.from) })
  const [before, after] = [destinations(row.fields), destinations(fields)]
  if (!same(before, after)) edits.push({ ...dst.value.at, insert: list(after) })
  if (fields.protocol !== row.fields.protocol) {
    if (!proto)
      edits.push({ from: action.value.at.to, to: action.value.at.to, insert: `, "proto": ${quoted(fields.protocol)}` })
    else if (fields.protocol !== '') edits.push({ ...proto.value.at, insert: quoted(fields.protocol) })
    else edits.push(takenOut(node, node.members.indexOf(proto)))
  }
  if (comment !== row.comment) edits.push(...commentEdit(text, row, comment))
  return apply(text, edits)
}

/** With the comment that is its own; one that stands over several rules stays with the others. */
export function removeRule(text: string, row: RuleRow): string {
  const comment = commentOf(text, row.from, row.to)
  const start = text.lastIndexOf('\n', row.from - 1) + 1
  const isFirstOfLine = text.slice(start, row.from).trim() === ''
  const comma = /^[ \t\r\n]*,/.exec(text.slice(row.to))?.[0].length ?? 0
  let to = row.to + comma
  if (comment?.kind === 'behind') to = Math.max(to, comment.to)
  const rest = /^[ \t]*\r?\n/.exec(text.slice(to))
  const isWholeLine = isFirstOfLine && rest !== null
  if (isWholeLine) to += rest[0].length
  const isShared = comment?.kind === 'above' && /^[ \t]*\{/.test(text.slice(to))
  const from = comment?.kind === 'above' && !isShared ? comment.from : isWholeLine ? start : row.from
  return text.slice(0, from) + text.slice(to)
}

/** At the head of the list, which is made when there is none. */
export function addRule(text: string, { fields, comment }: EditedRule): string {
  const words = comment.trim()
  if (words !== '') return addRules(text, words, [renderRule(fields)])
  // Without a comment the line for it goes again.
  const bare = addRules(text, MARK, [renderRule(fields)])
  return bare.replace(new RegExp(`\\n[ \\t]*// ${MARK}`), '')
}

const MARK = 'spanwire-form-no-comment'

export function renderRule(fields: RuleFields): string {
  const protocol = fields.protocol === '' ? '' : ` "proto": ${quoted(fields.protocol)},`
  return `{ "action": "accept",${protocol} "src": ${list(fields.from)}, "dst": ${list(destinations(fields))} }`
}

const destinations = ({ to, ports }: RuleFields): readonly string[] =>
  ports === null ? to : to.map((whom) => `${isBareAddress6(whom) ? `[${whom}]` : whom}:${ports}`)

const isBareAddress6 = (whom: string): boolean => /^[0-9a-fA-F:./-]*:[0-9a-fA-F:./-]*:[0-9a-fA-F:./-]*$/.test(whom)

type Edit = { readonly from: number; readonly to: number; readonly insert: string }

function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((so, { from, to, insert }) => so.slice(0, from) + insert + so.slice(to), text)
}

function commentEdit(text: string, row: RuleRow, words: string): Edit[] {
  const known = commentOf(text, row.from, row.to)
  const lines = words.trim() === '' ? [] : words.trim().split('\n')
  const start = text.lastIndexOf('\n', row.from - 1) + 1
  const isFirstOfLine = text.slice(start, row.from).trim() === ''
  if (known?.kind === 'behind' && lines.length <= 1)
    return [{ from: known.from, to: known.to, insert: lines[0] === undefined ? '' : ` // ${lines[0]}` }]
  const gone: Edit[] = known?.kind === 'behind' ? [{ from: known.from, to: known.to, insert: '' }] : []
  const indent = isFirstOfLine ? text.slice(start, row.from) : '    '
  const block = lines.map((line) => `${indent}// ${line}\n`).join('')
  if (known?.kind === 'above') return [{ from: known.from, to: known.to, insert: block }]
  if (isFirstOfLine) return [...gone, { from: start, to: start, insert: block }]
  return [...gone, { from: row.from, to: row.from, insert: `\n${block}${indent}` }]
}

function takenOut(node: JsonNode & { readonly kind: 'object' }, place: number): Edit {
  const [own, next, before] = [node.members[place], node.members[place + 1], node.members[place - 1]]
  if (own && next) return { from: own.keyAt.from, to: next.keyAt.from, insert: '' }
  return { from: before?.value.at.to ?? own?.keyAt.from ?? 0, to: own?.value.at.to ?? 0, insert: '' }
}

function ruleAt(text: string, row: RuleRow): (JsonNode & { readonly kind: 'object' }) | null {
  const tree = readHujson(text)
  if (!tree.ok || tree.value.kind !== 'object') return null
  const acls = tree.value.members.find(({ key }) => key.toLowerCase() === 'acls')?.value
  const node = acls?.kind === 'array' ? acls.items.find(({ at }) => at.from === row.from) : undefined
  return node?.kind === 'object' ? node : null
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i])

const quoted = (text: string): string => JSON.stringify(text)
const list = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`
