import { expect, test } from 'vitest'
import { parseNodeName } from './parse-node-name.ts'

test.each(['a', 'edge-1', '3com', 'a--b', 'x'.repeat(63)])('%s is a node name', (text) => {
  expect(parseNodeName(text)).toEqual({ ok: true, value: text })
})

test.each([
  { it: 'nothing', text: '', kind: 'empty', suggestion: 'node-1' },
  { it: 'capitals', text: 'Edge-1', kind: 'bad-characters', suggestion: 'edge-1' },
  { it: 'a space', text: 'edge 1', kind: 'bad-characters', suggestion: 'edge-1' },
  { it: 'an underscore', text: 'edge_1', kind: 'bad-characters', suggestion: 'edge-1' },
  { it: 'a full domain name', text: 'edge.example.org', kind: 'bad-characters', suggestion: 'edge-example-org' },
  { it: 'a hyphen at the end', text: 'edge-', kind: 'bad-characters', suggestion: 'edge' },
  { it: 'an accent', text: 'zürich', kind: 'bad-characters', suggestion: 'zurich' },
  { it: 'emoji alone', text: '🦆', kind: 'bad-characters', suggestion: 'node-1' },
  { it: 'a newline at the end', text: 'edge\n', kind: 'bad-characters', suggestion: 'edge' },
  { it: 'a command', text: '$(reboot)', kind: 'bad-characters', suggestion: 'reboot' },
  { it: 'a quote', text: 'a"b', kind: 'bad-characters', suggestion: 'a-b' },
  { it: '64 characters', text: `${'x'.repeat(62)}-y`, kind: 'too-long', suggestion: 'x'.repeat(62) },
  { it: '300 characters', text: 'y'.repeat(300), kind: 'too-long', suggestion: 'y'.repeat(63) },
  { it: 'a bare number', text: '10', kind: 'reads-as-address', suggestion: 'node-10' },
  { it: 'a hexadecimal number', text: '0xa', kind: 'reads-as-address', suggestion: 'node-0xa' },
  { it: 'localhost', text: 'localhost', kind: 'reserved', suggestion: 'node-1' },
  { it: 'the word for all others', text: 'default', kind: 'reserved', suggestion: 'node-1' },
])('$it is refused as a node name, with a name that works', ({ text, kind, suggestion }) => {
  expect(parseNodeName(text)).toMatchObject({ ok: false, error: { kind, suggestion } })
  expect(parseNodeName(suggestion)).toEqual({ ok: true, value: suggestion })
})

test('a refusal is a sentence with the fix', () => {
  expect(parseNodeName('Edge_1')).toMatchObject({
    error: {
      message:
        'a node name has lower-case letters, digits and hyphens only, and neither starts nor ends with a hyphen; try "edge-1"',
    },
  })
})
