import { expect, test } from 'vitest'
import { ruleFaults } from './rule-faults.ts'

const RULE = { from: ['group:ops'], to: ['tag:db'], ports: '5432', protocol: 'tcp' }

test('a whole rule has no fault', () => expect(ruleFaults(RULE)).toEqual({}))
test('destinations that keep their ports have none either', () =>
  expect(ruleFaults({ ...RULE, to: ['tag:db:1', '[fd00::1]:2'], ports: null })).toEqual({}))

test.each([
  { it: 'nobody as source', rule: { from: [] }, field: 'from', says: /Say who/ },
  { it: 'who asks as source', rule: { from: ['autogroup:self'] }, field: 'from', says: /To only/ },
  { it: 'a word that is not known', rule: { from: ['machine:a'] }, field: 'from', says: /not known/ },
  { it: 'nobody as destination', rule: { to: [] }, field: 'to', says: /Say whom/ },
  { it: 'a destination without its ports', rule: { to: ['tag:db'], ports: null }, field: 'to', says: /no ports/ },
  { it: 'no ports', rule: { ports: '' }, field: 'ports', says: /which ports/ },
  { it: 'a port that is too high', rule: { ports: '70000' }, field: 'ports', says: /65535/ },
  { it: 'a port of ping', rule: { protocol: 'icmp' }, field: 'ports', says: /no ports/ },
])('$it is said at its field', ({ rule, field, says }) => {
  const faults = ruleFaults({ ...RULE, ...rule })
  expect(Object.keys(faults)).toEqual([field])
  expect(Object.values(faults)[0]).toMatch(says)
})
