import { expect, test } from 'vitest'
import enrol from './golden/enrol.txt?raw'
import { parseEnrol } from './parse-enrol.ts'

const KEY = '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08='

test('the golden enrolment', () => {
  expect(parseEnrol(enrol)).toMatchObject({
    ok: true,
    value: {
      publicKey: KEY,
      hostname: 'home-1',
      script: { version: '0.1.0' },
      facts: { wireguard: 'wireguard-go 0.0.20220316' },
      notes: [],
    },
  })
})

test.each([
  ['short', 'hSDw='],
  ['zero', `${'A'.repeat(43)}=`],
  ['of low order', '4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA='],
  ['two keys', `${KEY} ${KEY}`],
])('a public key that is %s is a bad key', (_, key) =>
  expect(parseEnrol(enrol.replace(KEY, key))).toMatchObject({ ok: false, error: { kind: 'bad-key' } }),
)

test.each(['credential-sha256', 'instance', 'machine', 'script', 'unix'])('without %s it is malformed', (field) =>
  expect(parseEnrol(enrol.replace(new RegExp(`^${field} .*\n`, 'm'), ''))).toMatchObject({
    ok: false,
    error: { kind: 'malformed' },
  }),
)

test('a hostname of 300 characters with quotes is text, and is cut', () => {
  const parsed = parseEnrol(enrol.replace('hostname home-1', () => `hostname "'$(x)${'a'.repeat(300)}`))
  expect(parsed.ok && parsed.value.hostname).toBe(`"'$(x)${'a'.repeat(249)}`)
})
