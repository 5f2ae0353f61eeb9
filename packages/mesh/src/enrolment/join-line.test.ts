import { expect, test } from 'vitest'
import { type JoinLineInput, joinLine } from './join-line.ts'

const TOKEN = `swj_${'aB3-_'.repeat(8)}xyz`
const PIN = 'sha256//hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
const plain: JoinLineInput = {
  url: 'https://spanwire.example.org',
  token: TOKEN,
  installPackages: false,
  fixFirewall: false,
  check: false,
}

test.each([
  {
    it: 'over https',
    input: {},
    want: `curl -fsS --proto '=https' https://spanwire.example.org/join | sudo sh -s -- --token ${TOKEN}`,
  },
  {
    it: 'with every choice',
    input: { installPackages: true, fixFirewall: true, check: true },
    want: `curl -fsS --proto '=https' https://spanwire.example.org/join | sudo sh -s -- --token ${TOKEN} --install-packages --fix --check`,
  },
  {
    it: 'to a self-signed server, with -k and the pin together',
    input: { url: 'https://203.0.113.7:3000', pin: PIN },
    want: `curl -fsS --proto '=https' -k --pinnedpubkey '${PIN}' https://203.0.113.7:3000/join | sudo sh -s -- --token ${TOKEN}`,
  },
  {
    it: 'to a server under a path',
    input: { url: 'https://example.org/tools/span_wire-1.0' },
    want: `curl -fsS --proto '=https' https://example.org/tools/span_wire-1.0/join | sudo sh -s -- --token ${TOKEN}`,
  },
  {
    it: 'to an IPv6 address, quoted since zsh reads brackets as a pattern',
    input: { url: 'https://[2001:db8::7]:3000' },
    want: `curl -fsS --proto '=https' 'https://[2001:db8::7]:3000/join' | sudo sh -s -- --token ${TOKEN}`,
  },
])('a line $it', ({ input, want }) => {
  expect(joinLine({ ...plain, ...input })).toEqual({ ok: true, value: { line: want, warning: null } })
})

test.each([
  'http://localhost:3000',
  'http://127.0.0.1:3000',
  'http://192.168.1.5',
  'http://[::1]:3000',
  'http://[fd00::1]',
  'http://100.64.3.2',
])('%s is offered with a warning, and curl is held to http', (url) => {
  const result = joinLine({ ...plain, url })
  expect(result).toMatchObject({ ok: true, value: { warning: expect.stringContaining('Plain HTTP') } })
  expect(result.ok && result.value.line).toContain("--proto '=http' ")
})

test.each([
  'http://203.0.113.7:3000',
  'http://spanwire.example.org',
  'http://nas.local',
  'http://localhost.example.org',
  'http://[2001:db8::7]',
  'http://[::ffff:8.8.8.8]',
])('%s is refused: it may be public', (url) => {
  const kind = url.includes('ffff') ? 'bad-url' : 'public-http'
  expect(joinLine({ ...plain, url })).toMatchObject({ ok: false, error: { kind } })
})

test.each([
  'https://',
  'ftp://example.org',
  'HTTPS://example.org',
  'https://example.org/',
  'https://example.org//x',
  'https://example.org/../x',
  'https://example.org/.hidden',
  'https://example.org?x=1',
  'https://example.org#x',
  'https://user:password@example.org',
  'https://example.org:0',
  'https://example.org:65536',
  'https://example..org',
  'https://-example.org',
  'https://1.2.3',
  'https://[2001:db8:::7]',
  'https://[fe80::1%eth0]',
  'https://example.org;reboot',
  'https://example.org/$(reboot)',
  'https://example.org/`reboot`',
  "https://example.org/'",
  'https://example.org/a b',
  'https://example.org/\n',
  'https://example.org\nreboot',
  'https://exämple.org',
])('%j is refused as the address of a server', (url) => {
  expect(joinLine({ ...plain, url })).toMatchObject({ ok: false, error: { kind: 'bad-url' } })
})

test.each([
  { it: 'an empty token', change: { token: '' }, kind: 'bad-token' },
  { it: 'a token with a command', change: { token: `${TOKEN};reboot` }, kind: 'bad-token' },
  { it: 'a node credential', change: { token: TOKEN.replace('swj', 'swn') }, kind: 'bad-token' },
  { it: 'a pin with a quote', change: { pin: `${PIN}'` }, kind: 'bad-pin' },
  { it: 'a pin of another hash', change: { pin: PIN.replace('256', '512') }, kind: 'bad-pin' },
  { it: 'a pin without TLS', change: { url: 'http://127.0.0.1:3000', pin: PIN }, kind: 'bad-pin' },
])('$it is refused', ({ change, kind }) => {
  expect(joinLine({ ...plain, ...change })).toMatchObject({ ok: false, error: { kind } })
})

test('a line is one line of printable characters with no shell character of its own beyond the pipe and the quotes', () => {
  const result = joinLine({ ...plain, pin: PIN, installPackages: true })
  expect(result.ok && result.value.line).toMatch(/^[A-Za-z0-9 '=:/.+|_-]+$/)
})
