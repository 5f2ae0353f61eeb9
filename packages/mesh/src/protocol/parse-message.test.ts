import { expect, test } from 'vitest'
import report from './golden/report.txt?raw'
import { MAX_MESSAGE, parseMessage } from './parse-message.ts'

test('fields and blocks of a report', () => {
  const message = parseMessage('spanwire report 1\nepoch 1\n:a b\n x\n  y\n:c\nrevision 2\n', 'report')
  expect(message).toMatchObject({
    ok: true,
    value: {
      fields: new Map([
        ['epoch', '1'],
        ['revision', '2'],
      ]),
      blocks: new Map([
        ['a b', 'x\n y\n'],
        ['c', ''],
      ]),
    },
  })
})

test('what a tool prints stays inside of its block, whatever it looks like', () => {
  const message = parseMessage('spanwire report 1\n:notes\n spanwire enrol 1\n epoch 9\n :facts\n', 'report')
  expect(message.ok && [...message.value.fields]).toEqual([])
  expect(message.ok && message.value.blocks.get('notes')).toBe('spanwire enrol 1\nepoch 9\n:facts\n')
})

test.each([
  { it: 'nothing', text: '' },
  { it: 'a page of a proxy', text: '<html><body>502</body></html>' },
  { it: 'another verb', text: 'spanwire enrol 1\n' },
  { it: 'a moved-in line without a block', text: 'spanwire report 1\n x\n' },
  { it: 'a field that comes twice', text: 'spanwire report 1\nepoch 1\nepoch 2\n' },
  { it: 'a block that comes twice', text: 'spanwire report 1\n:a\n:a\n' },
  { it: 'a key in capitals', text: 'spanwire report 1\nEpoch 1\n' },
  { it: 'a field with an escape sequence', text: 'spanwire report 1\nhostname \u001b[2J\n' },
  { it: 'a field with a NUL', text: 'spanwire report 1\nhostname a\0b\n' },
  { it: 'a field of 2,000 characters', text: `spanwire report 1\nhostname ${'a'.repeat(2000)}\n` },
  { it: 'a line of a carriage return', text: 'spanwire report 1\r\nepoch 1\r\n' },
  { it: '100 fields', text: `spanwire report 1\n${Array.from({ length: 100 }, (_, i) => `f${i} 1\n`).join('')}` },
  { it: '300 blocks', text: `spanwire report 1\n${Array.from({ length: 300 }, (_, i) => `:b${i}\n`).join('')}` },
  { it: 'a million empty lines', text: `spanwire report 1\n${'\n'.repeat(1_000_000)}` },
])('$it is malformed', ({ text }) =>
  expect(parseMessage(text, 'report')).toMatchObject({ ok: false, error: { kind: 'malformed' } }),
)

test('a later format is told so, not called malformed', () =>
  expect(parseMessage('spanwire report 2\n', 'report')).toMatchObject({ ok: false, error: { kind: 'protocol' } }))

test('a message over its limit is refused before it is read', () => {
  const text = `spanwire step 1\n:evidence\n${' x\n'.repeat(30_000)}`
  expect(text.length).toBeGreaterThan(MAX_MESSAGE.step)
  expect(parseMessage(text, 'step')).toMatchObject({ ok: false, error: { kind: 'too-large' } })
})

test('a report cut anywhere, or with any one character changed, never throws', () => {
  for (let at = 0; at < report.length; at += 7) {
    parseMessage(report.slice(0, at), 'report')
    for (const evil of ['\0', '\n', ' ', ':', '\u{1f4a9}']) {
      parseMessage(report.slice(0, at) + evil + report.slice(at + 1), 'report')
    }
  }
})
