import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { expect, test } from 'vitest'
import { marksOf } from './marks-of.ts'

const { findings } = readPolicy('{ "acls": [{ "action": "deny", "src": ["*"], "dst": ["*:*"] }] }')
const server = { line: 1, from: 3, to: 9, text: 'There is no node "a".', fix: 'Did you mean b?' }

test('what the page and the server say of one place stands there once, in the order of the text', () => {
  const [own] = marksOf(findings, null)
  const said = findings.map(({ line, from, to, message, fix }) => ({ line, from, to, text: message, fix }))
  const marks = marksOf(findings, { errors: said, warnings: [server] })
  expect(marks.map(({ severity, from }) => [severity, from])).toEqual([
    ['warning', 3],
    ['error', own?.from],
  ])
})

test('a fix is a sentence behind the sentence', () => {
  expect(marksOf(findings, null)[0]?.text).toMatch(/does not exist\. Write .* is denied\.$/)
  expect(marksOf([], { errors: [server], warnings: [] })[0]?.text).toBe('There is no node "a". Did you mean b?')
})
