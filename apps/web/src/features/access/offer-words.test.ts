import { OPEN_POLICY } from '@spanwire/mesh/policy/policy'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { expect, test } from 'vitest'
import { offerWords } from './offer-words.ts'

const NAMES = {
  nodes: ['home-1', 'build-1'],
  sites: ['berlin'],
  tags: ['db'],
  users: ['ann@example.com'],
  clusters: ['prod'],
}
const KNOWN = readPolicy('{ "groups": { "group:ops": ["ann@example.com"] } }').policy ?? OPEN_POLICY

/** The caret is the bar. */
function offered(marked: string) {
  const at = marked.indexOf('|')
  const text = marked.replace('|', '')
  const offer = offerWords(text, at, KNOWN, NAMES)
  return offer && { replaces: text.slice(offer.from, offer.to), words: offer.words.map(({ word }) => word) }
}

test.each([
  {
    it: 'names as sources',
    text: '{ "acls": [{ "src": ["gr|"',
    has: ['*', 'group:ops', 'tag:db', 'node:home-1', 'pods:prod'],
    replaces: 'gr',
  },
  { it: 'people for groups', text: '{ "groups": { "group:a": ["|"] } }', has: ['ann@example.com'], replaces: '' },
  {
    it: 'who may give tags',
    text: '{ "tagOwners": { "tag:a": ["|"] } }',
    has: ['group:ops', 'ann@example.com'],
    replaces: '',
  },
  {
    it: 'destinations with their colon',
    text: '{ "acls": [{ "dst": ["node|"] }] }',
    has: ['node:home-1:', 'autogroup:self:'],
    replaces: 'node',
  },
  {
    it: 'ports behind a destination',
    text: '{ "acls": [{ "dst": ["node:home-1:|"] }] }',
    has: ['*', '22'],
    replaces: '',
  },
  { it: 'protocols', text: '{ "acls": [{ "proto": "t|" }] }', has: ['tcp', 'udp', 'icmp'], replaces: 't' },
  { it: 'sections', text: '{\n  "|"\n}', has: ['groups', 'acls', 'tests'], replaces: '' },
  { it: 'fields of a rule, without quotes yet', text: '{ "acls": [{ s|', has: ['"src": '], replaces: 's' },
  {
    it: 'names behind a rule that is not whole',
    text: '{ "acls": [{ "src": ["a\n  { "src": ["|"',
    has: ['group:ops'],
    replaces: '',
  },
])('offers $it', ({ text, has, replaces }) => {
  const offer = offered(text)
  expect(offer?.words).toEqual(expect.arrayContaining(has))
  expect(offer?.replaces).toBe(replaces)
})

test.each(['{ // "src": ["|', '{ "acls": [{ "src": /* "| */ }] }', '|', '{ "hosts": { "printer": "|" } }'])(
  'offers nothing in %s',
  (text) => expect(offered(text)).toBeNull(),
)
