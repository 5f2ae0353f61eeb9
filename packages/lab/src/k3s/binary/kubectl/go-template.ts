/**
 * kubectl's `-o go-template=` as scripts use it (pkg.go.dev/text/template): `.a.b`, `$name`, literals in quotes, `range` over
 * lists and maps with `$key, $value :=`, `if`, `else`, `end`, `eq`, `printf`, and `{{-`, `-}}`. What is not there prints as
 * `<no value>`, as Go prints a nil of an interface. No pipelines, no `with`, no functions beyond these.
 */
import { KubectlError } from './kubectl-error.ts'

type Scope = { dot: unknown; names: Record<string, unknown> }
type Node =
  | { kind: 'text'; text: string }
  | { kind: 'show'; words: string[] }
  | { kind: 'range'; key?: string; value?: string; words: string[]; body: Node[]; otherwise: Node[] }
  | { kind: 'if'; words: string[]; body: Node[]; otherwise: Node[] }

export function goTemplate(root: unknown, template: string): string {
  const parts = template
    .replace(/\s+\{\{- /g, '{{')
    .replace(/ -\}\}\s+/g, '}}')
    .split(/(\{\{(?:"(?:\\.|[^"\\])*"|`[^`]*`|[^"`])*?\}\})/)
  return render(parse(parts), { dot: root, names: { $: root } })
}

/** Takes the parts off the list, up to the `end` or `else` that closes this body. */
function parse(parts: string[]): Node[] {
  const nodes: Node[] = []
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    if (!part.startsWith('{{')) {
      if (part !== '') nodes.push({ kind: 'text', text: part })
      continue
    }
    const action = part.slice(2, -2).trim()
    if (action === 'end' || /^else\b/.test(action)) {
      parts.unshift(part)
      return nodes
    }
    const [, verb, declared, rest = ''] = /^(?:(range|if)\s+)?(?:(\$[^=]*):=)?(.*)$/s.exec(action) ?? []
    if (verb === undefined && declared !== undefined) throw failure(`a variable: ${action}`)
    if (verb === undefined) {
      nodes.push({ kind: 'show', words: words(rest) })
      continue
    }
    const body = parse(parts)
    let otherwise: Node[] = []
    if (/^\{\{\s*else\b/.test(parts[0] ?? '')) {
      parts.shift()
      otherwise = parse(parts)
    }
    if (!/^\{\{\s*end\s*\}\}$/.test(parts.shift() ?? '')) throw failure('unexpected EOF')
    const names = declared?.split(',').map((name) => name.trim()) ?? []
    const [key, value] = names.length === 2 ? names : [undefined, names[0]]
    if (verb === 'range') nodes.push({ kind: 'range', key, value, words: words(rest), body, otherwise })
    else nodes.push({ kind: 'if', words: words(rest), body, otherwise })
  }
  return nodes
}

const words = (text: string): string[] => text.match(/"(?:\\.|[^"\\])*"|`[^`]*`|[^\s]+/g) ?? []

function render(nodes: readonly Node[], scope: Scope): string {
  return nodes.map((node) => renderNode(node, scope)).join('')
}

function renderNode(node: Node, scope: Scope): string {
  if (node.kind === 'text') return node.text
  const value = evaluate(node.words, scope)
  if (node.kind === 'show') return show(value)
  if (node.kind === 'if') return render(isTrue(value) ? node.body : node.otherwise, scope)
  const entries = entriesOf(value)
  if (entries.length === 0) return render(node.otherwise, scope)
  return entries
    .map(([key, each]) => {
      const names = { ...scope.names }
      if (node.key !== undefined) names[node.key] = key
      if (node.value !== undefined) names[node.value] = each
      return render(node.body, { dot: each, names })
    })
    .join('')
}

/** Go ranges over the keys of a map in their order. */
function entriesOf(value: unknown): [unknown, unknown][] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map((each, index) => [index, each])
  if (typeof value !== 'object') throw failure(`range can't iterate over ${show(value)}`)
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

function evaluate(words: readonly string[], scope: Scope): unknown {
  const [first = '', ...rest] = words
  if (rest.length === 0) return operand(first, scope)
  const values = rest.map((word) => operand(word, scope))
  if (first === 'eq') return values.slice(1).some((value) => value === values[0])
  if (first === 'printf') return format(String(values[0]), values.slice(1))
  throw failure(`function "${first}" not defined`)
}

function operand(word: string, { dot, names }: Scope): unknown {
  if (word.startsWith('"')) return JSON.parse(word)
  if (word.startsWith('`')) return word.slice(1, -1)
  if (/^-?\d+$/.test(word)) return Number(word)
  if (word === 'true' || word === 'false') return word === 'true'
  const [, name = '', path = ''] = /^(\$\w*)?((?:\.[\w]*)*)$/.exec(word) ?? []
  if (name === '' && path === '') throw failure(`function "${word}" not defined`)
  if (name !== '' && !(name in names)) throw failure(`undefined variable "${name}"`)
  const from = name === '' ? dot : names[name]
  return path
    .split('.')
    .filter((field) => field !== '')
    .reduce((value, field) => take(value, field, word), from)
}

function take(value: unknown, field: string, word: string): unknown {
  if (value === undefined || value === null) throw failure(`nil data; no entry for key "${field}" in ${word}`)
  if (typeof value !== 'object') throw failure(`can't evaluate field ${field} in type ${typeof value}`)
  return (value as Record<string, unknown>)[field]
}

/** Go's truth: the empty value of each type is false. */
const isTrue = (value: unknown): boolean =>
  !(value === undefined || value === null || value === false || value === 0 || value === '') &&
  (typeof value !== 'object' || Object.keys(value as object).length > 0)

function format(pattern: string, values: unknown[]): string {
  const left = [...values]
  return pattern.replace(/%([qsvd%])/g, (_, verb: string) => {
    if (verb === '%') return '%'
    if (left.length === 0) return `%!${verb}(MISSING)`
    const value = left.shift()
    if (value === undefined || value === null) return `%!${verb}(<nil>)`
    // A Go string in quotes is JSON's but for rare escapes.
    return verb === 'q' ? JSON.stringify(show(value)) : show(value)
  })
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '<no value>'
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`
  if (typeof value === 'object')
    return `map[${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => `${key}:${show(each)}`)
      .join(' ')}]`
  return String(value)
}

const failure = (why: string) => new KubectlError(`error: error executing template: ${why}`)
