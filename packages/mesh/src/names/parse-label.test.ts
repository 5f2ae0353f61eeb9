import { expect, test } from 'vitest'
import { parseLabel } from './parse-label.ts'

test.each([
  { key: 'zone', value: 'eu-1' },
  { key: 'Zone_1.x', value: '' },
  { key: 'topology.kubernetes.io/zone', value: 'A.b_c' },
  { key: 'k'.repeat(63), value: 'v'.repeat(63) },
])('$key=$value is a label', (label) => expect(parseLabel(label.key, label.value)).toEqual({ ok: true, value: label }))

test.each([
  { it: 'an empty key', key: '', value: 'x', kind: 'bad-key' },
  { it: 'a key of 64 characters', key: 'k'.repeat(64), value: 'x', kind: 'bad-key' },
  { it: 'a key that ends in a dot', key: 'zone.', value: 'x', kind: 'bad-key' },
  { it: 'an empty prefix', key: '/zone', value: 'x', kind: 'bad-key' },
  { it: 'a prefix with capitals', key: 'Example.org/zone', value: 'x', kind: 'bad-key' },
  { it: 'a prefix of 254 characters', key: `${'a.'.repeat(126)}aa/zone`, value: 'x', kind: 'bad-key' },
  { it: 'two slashes', key: 'a/b/c', value: 'x', kind: 'bad-key' },
  { it: 'a key with an equals sign', key: 'a=b', value: 'x', kind: 'bad-key' },
  { it: 'a key with a newline', key: 'a\n', value: 'x', kind: 'bad-key' },
  { it: 'a value of 64 characters', key: 'zone', value: 'v'.repeat(64), kind: 'bad-value' },
  { it: 'a value with a space', key: 'zone', value: 'eu 1', kind: 'bad-value' },
  { it: 'a value that starts with a hyphen', key: 'zone', value: '-x', kind: 'bad-value' },
  { it: 'a value with a newline at the end', key: 'zone', value: 'x\n', kind: 'bad-value' },
])('$it is refused', ({ key, value, kind }) =>
  expect(parseLabel(key, value)).toMatchObject({ ok: false, error: { kind } }),
)
