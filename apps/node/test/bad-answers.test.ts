import { type Shell, shellNames } from '@spanwire/lab/shells'
import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeAnswer, type FakeServer, refusal, withSums } from './fake-server.ts'
import { makeImpatient } from './impatient.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { tarOf } from './tar-of.ts'
import { until } from './until.ts'

const OURS = { 'Spanwire-Protocol': '1' }
const HTML = '<html><head><title>502 Bad Gateway</title></head><body>error removed</body></html>\n'
const html = (status: number): FakeAnswer => ({ status, headers: { 'Content-Type': 'text/html' }, body: HTML })
/** What is no tar of the right files, or not what its sums say. */
const WHOLE = /refused: .*(tar|checksum)/

/** Answers that are no bundle at all: from a broken proxy, a sick server, a cut line. */
const answers: { it: string; answer: FakeAnswer; says: RegExp }[] = [
  { it: "a proxy's page with status 200", answer: html(200), says: /unreachable: .*not answered by a Spanwire server/ },
  { it: "a proxy's page with status 502", answer: html(502), says: /unreachable: .*not answered by a Spanwire server/ },
  { it: "a proxy's 401", answer: html(401), says: /unreachable: .*not answered by a Spanwire server/ },
  { it: "a proxy's 410", answer: html(410), says: /unreachable: .*not answered by a Spanwire server/ },
  {
    it: 'a redirect',
    answer: { status: 302, headers: { Location: 'http://203.0.113.254:1/' } },
    says: /unreachable: /,
  },
  { it: 'our 500', answer: { status: 500, headers: OURS, body: 'oops' }, says: /unreachable: .*all stays as it is/ },
  {
    it: 'our 503',
    answer: refusal(503, 'unavailable', 'the database is away', { 'Retry-After': '3' }),
    says: /unavailable: the database is away; all stays/,
  },
  {
    it: '401 from a server that does not know the node',
    answer: refusal(401, 'unknown', 'who are you'),
    says: /unknown: who are you; all stays as it is/,
  },
  {
    it: '410 without a tombstone',
    answer: refusal(410, 'removed', 'this node was removed'),
    says: /removed: this node was removed; all stays/,
  },
  {
    it: "410 with another node's tombstone",
    answer: refusal(410, 'removed', 'another was removed', { 'Spanwire-Tombstone': `swt_${'R'.repeat(43)}` }),
    says: /removed: another was removed; all stays/,
  },
  {
    it: '410 with an empty tombstone',
    answer: refusal(410, 'removed', 'nobody was removed', { 'Spanwire-Tombstone': '' }),
    says: /removed: nobody was removed; all stays/,
  },
  {
    it: 'a sentence with the escapes of a terminal',
    answer: refusal(403, 'paused', '\u001b[2Jgone\u0007'),
    says: /paused: \[2Jgone; all/,
  },
  {
    it: 'an empty 200',
    answer: { status: 200, headers: OURS, body: '' },
    says: WHOLE,
  },
  {
    it: 'a page instead of a tar',
    answer: { status: 200, headers: OURS, body: HTML },
    says: WHOLE,
  },
]

/** Bundles of a server with a bug or a wrong backup; bundle.test.ts has many more. */
const bundles: { it: string; edit: (files: BundleFile[]) => BundleFile[]; says: RegExp }[] = [
  { it: 'for another node', edit: meta(/^node .*$/m, `node ${'a'.repeat(36)}`), says: /refused: .*node a{36}/ },
  {
    it: 'older than what is confirmed',
    edit: meta(/^revision .*$/m, 'revision 0'),
    says: /refused: .*revision 0 is older than \d+/,
  },
  {
    it: 'with a name that is a command',
    edit: meta(/^name .*$/m, 'name $(touch /tmp/pwned)'),
    says: /refused: .*meta:6/,
  },
  {
    it: 'with a sum that does not match',
    edit: (files) => files.map((file) => (file.name === 'routes' ? { ...file, text: 'span0 10.9.0.0/16\n' } : file)),
    says: WHOLE,
  },
]

let lab: NodeLab
const worlds = new Map<Shell, { server: FakeServer; machine: Machine; standing: string }>()

beforeAll(async () => {
  lab = await NodeLab.create()
  await Promise.all(
    shellNames.map(async (shell) => {
      const server = await lab.server()
      const machine = await lab.machine(`gw-${shell.split(' ')[0]}`, server, { shell })
      // A peer of its own, so that there is something to lose.
      const other = server.invite('other', 'member')
      Object.assign(other, { publicKey: PEER, state: 'active', credentialHash: '-' })
      await machine.join()
      await makeImpatient(machine)
      worlds.set(shell, { server, machine, standing: await machine.standing() })
    }),
  )
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test.concurrent.each(shellNames)(
  'in %s a machine takes nothing that is not a whole bundle for it, and says why',
  async (shell) => {
    const { server, machine, standing } = world(shell)
    const node = nodeOf(machine)
    const cases = [...answers]
    const whole = await tarOf(server.filesFor(node))
    for (const cut of [1, 700]) {
      const answer = { status: 200, headers: OURS, body: whole }
      cases.push({
        it: `a bundle cut at ${cut}`,
        answer: { ...answer, cut },
        says: /unreachable: curl: \(18\).*all stays/,
      })
      // The same from a server that believes this to be all of it.
      cases.push({
        it: `the first ${cut} bytes`,
        answer: { ...answer, body: whole.subarray(0, cut) },
        says: /refused: /,
      })
    }
    for (const { it, edit, says } of bundles) {
      const answer = { status: 200, headers: OURS, body: await tarOf(edit(server.filesFor(node))) }
      cases.push({ it: `a bundle ${it}`, answer, says })
    }
    let seen = 0
    for (const { it, answer, says } of cases) {
      server.bend = ({ path, body }) =>
        path.startsWith('/node/v1/sync') && !/^trial /m.test(body) ? answer : undefined
      const asked = server.requests.length
      server.release()
      // When it asks a second time it is through with the first answer.
      await until(`asking again after ${it}`, 30_000, () => server.requests.length >= asked + 2)
      const complaint = (await machine.log())
        .split('\n')
        .findLast((line) => /all stays|refused|taken back|confirmed/.test(line))
      expect(complaint, it).toMatch(says)
      if (++seen % 8 === 0) expect(await machine.standing(), `${it}, or one of the seven before`).toBe(standing)
    }
    expect(await machine.standing()).toBe(standing)
    expect(await machine.host.exec('ls /tmp/pwned')).not.toMatchObject({ code: 0 })
    expect((await machine.log()).match(/^spanwire: .*[^\n -~].*$/gm)).toBe(null)
    server.bend = undefined
    await machine.said(/in sync with[^\n]*\n$/)
  },
)

test('a machine that is removed cleans up, when told by the proof it was given', async () => {
  const server = await lab.server()
  const machine = await lab.machine('removed', server)
  await machine.join()
  server.bend = ({ path }) =>
    path.startsWith('/node/v1/sync')
      ? refusal(410, 'removed', 'removed in the console', { 'Spanwire-Tombstone': server.tombstone })
      : undefined
  server.release()
  await until('the machine clean', 30_000, async () => {
    const left =
      'ls -d /etc/spanwire /var/lib/spanwire /run/spanwire /usr/local/bin/spanwire; ip -o link show type tun; nft list tables'
    return (await machine.host.exec(left)).stdout === ''
  })
})

function meta(pattern: RegExp, line: string): (files: BundleFile[]) => BundleFile[] {
  return (files) =>
    withSums(
      files.map((file) => (file.name === 'meta' ? { ...file, text: file.text.replace(pattern, () => line) } : file)),
    )
}

const PEER = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='

function world(shell: Shell) {
  const found = worlds.get(shell)
  if (!found) throw new Error(`no machine with ${shell}`)
  return found
}

function nodeOf(machine: Machine) {
  const node = machine.server.nodes.find(({ name }) => name === machine.host.name)
  if (!node) throw new Error(`${machine.host.name} was not invited`)
  return node
}
