import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { expect, test } from 'vitest'
import { addRule, changeRule, removeRule } from './edit-rules.ts'
import { type RuleRow, readRules } from './read-rules.ts'

const TEXT = `{
  // Who is who.
  "groups": { "group:ops": ["ann@example.com"] },
  "acls": [
    // People.
    { "action": "accept", "src": ["group:ops"], "dst": ["*:22"] },
    { "action": "accept", "proto": "tcp", "src": ["*"], "dst": ["10.77.0.5:80", "[fd00::1]:80"] }, // the wiki

    // The database
    // and its copy.
    {
      "action": "accept",
      "src": ["group:ops"],
      "dst": ["10.77.0.9:5432", "10.77.0.9:22"],
    },
    { "action": "accept", /* for now */ "src": ["*"], "dst": ["*:443"] },
  ],
  "grants": [{ "src": ["*"], "dst": ["*"], "ip": ["icmp:*"] }],
}
`

const rowsOf = (text: string): readonly RuleRow[] => {
  const rows = readRules(text)
  if (!rows) throw new Error('cannot be read')
  return rows
}
const row = (number: number): RuleRow => rowsOf(TEXT)[number - 1]!

test('rules are rows with their comments, and what a form would lose is left to the text', () => {
  expect(rowsOf(TEXT).map(({ number, line, fields, comment }) => ({ number, line, fields, comment }))).toEqual([
    { number: 1, line: 6, fields: { from: ['group:ops'], to: ['*'], ports: '22', protocol: '' }, comment: 'People.' },
    {
      number: 2,
      line: 7,
      fields: { from: ['*'], to: ['10.77.0.5', 'fd00::1'], ports: '80', protocol: 'tcp' },
      comment: 'the wiki',
    },
    {
      number: 3,
      line: 11,
      fields: { from: ['group:ops'], to: ['10.77.0.9:5432', '10.77.0.9:22'], ports: null, protocol: '' },
      comment: 'The database\nand its copy.',
    },
    { number: 4, line: 16, fields: null, comment: '' },
    { number: 5, line: 18, fields: null, comment: '' },
  ])
})

test('a row that was opened and closed without a change leaves the text as it is', () => {
  for (const each of rowsOf(TEXT))
    if (each.fields) expect(changeRule(TEXT, each, { fields: each.fields, comment: each.comment })).toBe(TEXT)
})

test.each([
  {
    it: 'a source',
    number: 1,
    change: { from: ['group:ops', 'tag:ci'] },
    was: '["group:ops"], "dst": ["*:22"]',
    is: '["group:ops", "tag:ci"], "dst": ["*:22"]',
  },
  {
    it: 'the ports',
    number: 2,
    change: { ports: '80,443' },
    was: '["10.77.0.5:80", "[fd00::1]:80"]',
    is: '["10.77.0.5:80,443", "[fd00::1]:80,443"]',
  },
  {
    it: 'a protocol where none was',
    number: 1,
    change: { protocol: 'udp' },
    was: '"accept", "src": ["group:ops"], "dst": ["*:22"]',
    is: '"accept", "proto": "udp", "src": ["group:ops"], "dst": ["*:22"]',
  },
  {
    it: 'no protocol where one was',
    number: 2,
    change: { protocol: '' },
    was: '"accept", "proto": "tcp", ',
    is: '"accept", ',
  },
  {
    it: 'one of several destinations in a rule of many lines',
    number: 3,
    change: { to: ['10.77.0.9:5432'] },
    was: '["10.77.0.9:5432", "10.77.0.9:22"]',
    is: '["10.77.0.9:5432"]',
  },
])('$it is changed, and nothing else of the text', ({ number, change, was, is }) => {
  const { fields, comment } = row(number)
  expect(TEXT).toContain(was)
  expect(changeRule(TEXT, row(number), { fields: { ...fields!, ...change }, comment })).toBe(TEXT.replace(was, is))
})

test.each([
  { it: 'changed above', number: 1, comment: 'Everybody of ops.', was: '// People.', is: '// Everybody of ops.' },
  { it: 'changed behind', number: 2, comment: 'the new wiki', was: '// the wiki', is: '// the new wiki' },
  { it: 'taken away', number: 3, comment: '', was: '    // The database\n    // and its copy.\n', is: '' },
])('a comment is $it', ({ number, comment, was, is }) => {
  const { fields } = row(number)
  expect(changeRule(TEXT, row(number), { fields: fields!, comment })).toBe(TEXT.replace(was, is))
})

test('a comment comes to a rule that had none', () => {
  const bare = TEXT.replace('    // People.\n', '')
  const [first] = rowsOf(bare)
  expect(changeRule(bare, first!, { fields: first!.fields!, comment: 'People.' })).toBe(TEXT)
})

test('a removed rule takes its own comment along, and leaves one that stands over several', () => {
  const apart = TEXT.replace('    { "action": "accept", /* for', '\n    { "action": "accept", /* for')
  expect(removeRule(apart, rowsOf(apart)[2]!)).not.toContain('The database')
  expect(removeRule(TEXT, row(3))).toContain('// and its copy.\n    { "action": "accept", /* for')
  expect(removeRule(TEXT, row(2))).not.toContain('the wiki')
  expect(removeRule(TEXT, row(1))).toContain('// People.\n    { "action": "accept", "proto": "tcp"')
  for (const each of rowsOf(TEXT).slice(0, 4)) {
    const after = removeRule(TEXT, each)
    expect(readPolicy(after).findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(readRules(after)).toHaveLength(4)
  }
})

test('the only rule of a list in one line can be removed', () => {
  const text = '{ "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:*"] }] }'
  expect(removeRule(text, rowsOf(text)[0]!)).toBe('{ "acls": [] }')
})

test('a rule is added with or without a comment, also to a policy that has no list', () => {
  const fields = { from: ['*'], to: ['fd00::7'], ports: '53', protocol: 'udp' }
  for (const text of [TEXT, '{}', '{\n  // nothing\n}\n'])
    for (const comment of ['', 'DNS']) {
      const after = addRule(text, { fields, comment })
      expect(readRules(after)?.[0]).toMatchObject({ fields, comment })
      expect(after).not.toContain('spanwire-form')
    }
})
