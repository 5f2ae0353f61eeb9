import type { JsonNode } from './json-node.ts'
import { readHujson } from './read-hujson.ts'

/**
 * Puts rules at the head of `acls`, under a comment, and leaves everything else of the text as it is: comments, order, blanks. Only
 * accepting exists, so the place among the rules does not matter. A text that cannot be read comes back unchanged.
 */
export function addRules(text: string, comment: string, rules: readonly string[]): string {
  const tree = readHujson(text)
  if (!tree.ok || tree.value.kind !== 'object' || rules.length === 0) return text
  const acls = tree.value.members.find(({ key }) => key.toLowerCase() === 'acls')?.value
  if (acls?.kind === 'array') return intoList(text, acls, comment, rules)
  const root = tree.value.at.from + 1
  const lines = [`// ${oneLine(comment)}`, ...rules.map((rule) => `${rule},`)].map((line) => `\n    ${line}`)
  return `${text.slice(0, root)}\n  "acls": [${lines.join('')}\n  ],${text.slice(root)}`
}

/** The fence of a cluster: what its warnings ask for, each rule once. */
export function addFence(
  text: string,
  warnings: readonly { readonly cluster: string; readonly rule: string }[],
): string {
  const clusters = [...new Set(warnings.map(({ cluster }) => cluster))]
  return clusters.reduceRight((policy, cluster) => {
    const rules = new Set(warnings.filter((warning) => warning.cluster === cluster).map(({ rule }) => rule))
    return addRules(
      policy,
      `What k3s needs between the machines and pods of cluster ${cluster}. Without it the cluster breaks.`,
      [...rules],
    )
  }, text)
}

function intoList(
  text: string,
  list: JsonNode & { readonly kind: 'array' },
  comment: string,
  rules: readonly string[],
): string {
  const at = list.at.from + 1
  const first = list.items[0]
  const outer = blanksBefore(text, list.at.from)
  const inner = first && first.at.line > list.at.line ? blanksBefore(text, first.at.from) : `${outer}  `
  const lines = [`// ${oneLine(comment)}`, ...rules.map((rule) => `${rule},`)]
    .map((line) => `\n${inner}${line}`)
    .join('')
  const rest = text.slice(at)
  // What stood on the line of the bracket goes on a line of its own.
  const next = /^[ \t]*\r?\n/.test(rest) ? rest : `\n${first ? inner : outer}${rest.trimStart()}`
  return text.slice(0, at) + lines + next
}

function blanksBefore(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? ''
}

const oneLine = (comment: string): string => comment.replaceAll(/\s+/g, ' ')
