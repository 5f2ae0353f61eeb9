import { expect, test } from 'vitest'
import { parseKeys } from './parse-keys.ts'

const ID = '01a20240-0ffc-75e9-9bbb-13a9f2d937b5'
const KEY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
/** The same point by another name: with the bit set that Curve25519 passes over. */
const ALIAS = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTuo='

test('its own rotation, the next keys and those of others are read; lines of no grammar say nothing', () => {
  expect(parseKeys(undefined)).toBeNull()
  expect(parseKeys(`rotation ${ID} made\nnext main ${KEY}\nnext odd ${KEY}\nstaged ${KEY}\nstaged x\nfoo`)).toEqual({
    own: { id: ID, state: 'made', why: null, nextKey: KEY, nextDirectKey: null },
    staged: [KEY],
  })
  expect(parseKeys(`rotation ${ID} returned\nwhy no\u001b[2J answer`)?.own?.why).toBe('no\ufffd[2J answer')
  expect(parseKeys(`rotation 1 made\nrotation ${ID} burned`)?.own).toBeNull()
})

test.each([
  ['another spelling of a point', ALIAS],
  ['no key', `${'A'.repeat(43)}=`],
  ['a point of low order', `AQ${'A'.repeat(41)}=`],
])('%s is no next key: the peers that were to have it would get no configuration at all', (_, key) => {
  const report = parseKeys(`rotation ${ID} made\nnext main ${key}\nnext direct ${key}`)
  expect(report?.own).toMatchObject({ nextKey: null, nextDirectKey: null })
})

test.each([
  { it: 'another spelling of a point', key: ALIAS, why: 'is not written as “wg pubkey” writes it' },
  { it: 'no key', key: `${'A'.repeat(43)}=`, why: 'is all zeros, which means “no key”' },
  { it: 'a point of low order', key: `AQ${'A'.repeat(41)}=`, why: 'is one with which anybody could read along' },
  { it: 'nothing at all', key: '', why: 'is no WireGuard key' },
])('why $it is refused is said, of which of the two', ({ key, why }) => {
  const said = (lines: string) => parseKeys(`rotation ${ID} ${lines}`)?.own?.why
  expect(said(`made\nnext main ${key}`)).toBe(`its next key ${why}`)
  expect(said(`made\nnext main ${KEY}\nnext direct ${key}`)).toBe(`its next key for direct paths ${why}`)
  expect(said(`proven\nnext main ${key}`)).toBeNull()
})
