import { expect, test } from 'vitest'
import { parseInterfaceName } from './parse-interface-name.ts'

test.each(['span0', 'wg0', 'a', 'home_lan-2', 'abcdefghij'])('%s is an interface name', (text) => {
  expect(parseInterfaceName(text)).toEqual({ ok: true, value: text })
  // The longest suffix, a gateway's interface to its last possible other gateway, still fits Linux' 15 characters.
  expect(`${text}g239`.length).toBeLessThanOrEqual(15)
})

test.each([
  { it: 'nothing', text: '', kind: 'bad-name' },
  { it: '11 characters', text: 'abcdefghijk', kind: 'too-long' },
  { it: 'a leading digit', text: '0span', kind: 'bad-name' },
  { it: 'capitals', text: 'Span0', kind: 'bad-name' },
  { it: 'a slash', text: 'a/b', kind: 'bad-name' },
  { it: 'a dot', text: 'eth0.5', kind: 'bad-name' },
  { it: 'a space', text: 'a b', kind: 'bad-name' },
  { it: 'a newline at the end', text: 'span0\n', kind: 'bad-name' },
  { it: 'an option', text: '-x', kind: 'bad-name' },
  { it: 'loopback', text: 'lo', kind: 'reserved' },
  { it: 'a word of sysctl', text: 'all', kind: 'reserved' },
  { it: 'a name that k3s-killall deletes', text: 'flannel-wg', kind: 'reserved' },
])('$it is refused', ({ text, kind }) => expect(parseInterfaceName(text)).toMatchObject({ ok: false, error: { kind } }))
