import { expect, test } from 'vitest'
import { describeK3sToken, formatK3sToken, parseK3sToken, tokenProblem } from './k3s-token.ts'

const CA = '7d5b2e6a9c1f4083b6d2a4e8f0c3957186ab24cd68ef0a1b2c3d4e5f60718293'
const of = (text: string) => {
  const parsed = parseK3sToken(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

test.each([
  {
    text: `K10${CA}::server:0123456789abcdef`,
    want: { form: 'password', user: 'server', caHash: CA },
    said: 'server token, CA 7d5b2e6a…',
  },
  {
    text: `K10${CA}::node:a:b::c`,
    want: { form: 'password', user: 'node', password: 'a:b::c' },
    said: 'token of node, CA 7d5b2e6a…',
  },
  {
    text: `K10${CA}::abcdef.0123456789abcdef`,
    want: { form: 'bootstrap', id: 'abcdef', caHash: CA },
    said: 'bootstrap token abcdef, CA 7d5b2e6a…',
  },
  {
    text: 'abcdef.0123456789abcdef',
    want: { form: 'bootstrap', caHash: null },
    said: 'bootstrap token abcdef, without the hash of a CA',
  },
  { text: 'hunter2', want: { form: 'password', user: '', caHash: null }, said: 'password, without the hash of a CA' },
])('a token is read, written back, and described without its secret: $said', ({ text, want, said }) => {
  expect(of(text)).toMatchObject(want)
  expect(formatK3sToken(of(text))).toBe(text)
  expect(describeK3sToken(of(text))).toBe(said)
})

test.each([
  '',
  'a b',
  'a\n',
  'K10',
  `K10${CA}`,
  `K10${CA}::`,
  `K10${CA}::server:`,
  `K10${CA}::secretalone`,
  `K10${CA.slice(1)}::server:secretalone`,
  `K10${CA.toUpperCase()}::server:secretalone`,
  'x'.repeat(500),
])('a refused token is not in the message', (text) => {
  const parsed = parseK3sToken(text)
  expect(parsed.ok).toBe(false)
  if (!parsed.ok && text.length > 3) expect(parsed.error.message).not.toContain('secretalone')
})

test.each([
  { token: `K10${CA}::server:pw`, role: 'server', want: null },
  { token: `K10${CA}::abcdef.0123456789abcdef`, role: 'agent', want: null },
  { token: `K10${CA}::server:pw`, role: 'agent', want: 'never the one of the servers' },
  { token: `K10${CA}::node:pw`, role: 'agent', want: 'never the one of the servers' },
  { token: `K10${CA}::abcdef.0123456789abcdef`, role: 'server', want: 'joins agents only' },
  { token: 'abcdef.0123456789abcdef', role: 'agent', want: 'no hash of the CA' },
  { token: `K10${'0'.repeat(64)}::abcdef.0123456789abcdef`, role: 'agent', want: 'another cluster' },
] as const)('for a $role: $want', ({ token, role, want }) => {
  const problem = tokenProblem(of(token), role, CA)
  if (want === null) expect(problem).toBe(null)
  else expect(problem).toContain(want)
})
