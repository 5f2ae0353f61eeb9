import { expect, test } from 'vitest'
import type { Finding } from './cluster-detail.ts'
import { findingsAt, findingText, isAdvancedTold, sentence } from './field-findings.ts'

const finding = (field: string, severity: Finding['severity'] = 'refuse'): Finding => ({
  severity,
  field,
  text: 'the range meets the LAN of home-1',
  fix: 'Choose another.',
})

test('a finding of one argument stands at the field of all arguments', () => {
  const findings = [finding('extraServer.token'), finding('extraAgent.token'), finding('name')]
  expect(findingsAt(findings, 'extraServer')).toEqual([findings[0]])
})

test('it reads as sentences', () =>
  expect(findingText(finding('podRange4'))).toBe('The range meets the LAN of home-1. Choose another.'))

test.each([
  { it: 'a refusal in it', findings: [finding('tlsSans')], want: true },
  { it: 'a warning only', findings: [finding('installer', 'warn')], want: false },
  { it: 'a refusal elsewhere', findings: [finding('podRange4')], want: false },
])('Advanced unfolds by itself for $it: $want', ({ findings, want }) => expect(isAdvancedTold(findings)).toBe(want))

test.each([
  { text: 'node-ip cannot be set here', want: 'node-ip cannot be set here.' },
  { text: 'k3s 1.29 is too old', want: 'k3s 1.29 is too old.' },
  { text: 'the range is taken', want: 'The range is taken.' },
])('"$text" begins as its names are spelled', ({ text, want }) => expect(sentence(text)).toBe(want))
