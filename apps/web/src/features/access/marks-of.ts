import type { Finding } from '@spanwire/mesh/policy/finding'

export type Mark = {
  readonly severity: 'error' | 'warning'
  readonly line: number
  readonly from: number
  readonly to: number
  /** The sentence and what to do. */
  readonly text: string
}

type ServerFinding = {
  readonly line: number
  readonly from: number
  readonly to: number
  readonly text: string
  readonly fix: string
}
type Checked = {
  readonly errors: readonly ServerFinding[]
  readonly warnings: readonly ServerFinding[]
}

/** What the reader says at once, and what the server knows of names in the network. Both say the same of the same place: once. */
export function marksOf(findings: readonly Finding[], checked: Checked | null): readonly Mark[] {
  const own: Mark[] = findings.map(({ severity, line, from, to, message, fix }) => ({
    ...{ severity, line, from, to },
    text: sentence(message, fix),
  }))
  const server = (severity: Mark['severity'], list: readonly ServerFinding[]): Mark[] =>
    list.map(({ line, from, to, text, fix }) => ({ severity, line, from, to, text: sentence(text, fix) }))
  const all = [...own, ...server('error', checked?.errors ?? []), ...server('warning', checked?.warnings ?? [])]
  const seen = new Set<string>()
  return all
    .filter(({ from, text }) => {
      const key = `${from} ${text}`
      return seen.has(key) ? false : seen.add(key)
    })
    .sort((a, b) => a.from - b.from)
}

const sentence = (text: string, fix: string): string =>
  `${text} ${fix}${/[.?!]$/.test(fix) || fix === '' ? '' : '.'}`.trim()
