import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import type { Finding } from './cluster-detail.ts'

/** Findings of one field: `extraServer` has those of `extraServer.KEY` too. */
export const findingsAt = (findings: readonly Finding[], field: string): Finding[] =>
  findings.filter((finding) => finding.field === field || finding.field.startsWith(`${field}.`))

export const isRefused = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'refuse')

/** "Ranges meet the LAN of home-1. Choose another." */
export const findingText = ({ text, fix }: Pick<Finding, 'text' | 'fix'>): string => `${sentence(text)} ${fix}`.trim()

/** Rules speak in halves of sentences; a page begins with a capital and ends with a stop. */
export function sentence(text: string): string {
  const begun = beginSentence(text)
  return /[.!?:]$/.test(begun) ? begun : `${begun}.`
}

/** Whether a field under "Advanced" has something to say: then it is not folded away. */
export function isAdvancedTold(findings: readonly Finding[]): boolean {
  return findings.some(
    ({ severity, field }) => severity === 'refuse' && !PLAIN.includes(field.split('.')[0] as (typeof PLAIN)[number]),
  )
}

const PLAIN = [
  'name',
  'release',
  'flannelBackend',
  'datastore',
  'podRange4',
  'serviceRange4',
  'podRange6',
  'serviceRange6',
] as const
