import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  codeOf,
  confirmedBy,
  enrolText,
  files,
  publicKey,
  request,
  type Scene,
  testNode,
  testScene,
} from './test-machine.ts'

test('an invited machine joins: a place, a bundle, a proof, three green steps, an event', async () => {
  await using scene = await testScene()
  const { nodeId, token } = await scene.invite('gateway', 'gw-1')
  const node = testNode()
  const answer = await scene.machine.enrol(request(token, enrolText(node)))
  expect(answer.status).toBe(200)
  expect(answer.headers).toMatchObject({ 'Spanwire-Protocol': '1', 'Content-Type': 'application/x-tar' })
  const bundle = await files(answer)
  expect([...bundle.keys()].at(0)).toBe('meta')
  expect([...bundle.keys()].at(-1)).toBe('SHA256SUMS')
  expect(bundle.get('meta')).toMatch(/^tombstone swt_[A-Za-z0-9_-]{43}$/m)
  expect(bundle.get('addresses')).toContain('span0 10.77.0.1/16')
  const [row] = await scene.sql<Record<string, unknown>>('SELECT * FROM nodes WHERE id = $1', [nodeId])
  expect(row).toMatchObject({ state: 'enrolled', ordinal: 1, public_key: node.publicKey })
  const steps = await scene.sql('SELECT step FROM join_steps WHERE confirmed_at IS NOT NULL ORDER BY step')
  expect(steps).toEqual([{ step: 'enrolled' }, { step: 'keys' }, { step: 'preflight' }])
  const events = await scene.sql('SELECT action, subject_name, address FROM events')
  expect(events).toEqual([{ action: 'node.enrol', subject_name: 'gw-1', address: '198.51.100.9' }])
})

test('64 machines race for one token: one wins, 63 are told that it is used', async () => {
  await using scene = await testScene()
  const { token } = await scene.invite('gateway')
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => scene.machine.enrol(request(token, enrolText(testNode())))),
  )
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  expect(answers.filter((answer) => codeOf(answer) === 'token-used')).toHaveLength(63)
  expect(await scene.sql('SELECT uses FROM join_tokens')).toEqual([{ uses: 1 }])
})

test('300 machines join at once, by six keys: 300 names, places and addresses, all distinct', {
  timeout: 150_000,
}, async () => {
  await using scene = await testScene()
  await scene.join('gateway')
  // One key's row, or one name, would put machines in a line by itself; between keys and names only the network's row does.
  const tokens = await Promise.all(Array.from({ length: 6 }, () => scene.joinKey(50)))
  const hostname = (n: number) => (n % 2 ? `worker-${n}` : 'ip-10-0-0-7.eu-west-1.compute.internal')
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      scene.machine.enrol(request(tokens[n % 6] ?? '', enrolText(testNode(), hostname(n)))),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual(Array(300).fill(200))
  const addresses = await Promise.all(answers.map(async (answer) => (await files(answer)).get('addresses')))
  expect(new Set(addresses).size).toBe(300)
  const [counts] = await scene.sql(
    `SELECT count(*)::int AS nodes, count(DISTINCT name)::int AS names, count(DISTINCT ordinal)::int AS places,
            count(DISTINCT labels->>'pool')::int AS pools FROM nodes WHERE role = 'member'`,
  )
  expect(counts).toEqual({ nodes: 300, names: 300, places: 300, pools: 1 })
  for (const token of tokens) {
    expect(codeOf(await scene.machine.enrol(request(token, enrolText(testNode()))))).toBe('token-used')
  }
})

test('an enrolment repeated after a lost answer is the same node, also once the token has expired', async () => {
  await using scene = await testScene()
  const { token } = await scene.invite('gateway')
  const node = testNode()
  const first = await scene.machine.enrol(request(token, enrolText(node)))
  const again = await scene.machine.enrol(request(token, enrolText(node)))
  expect(again.status).toBe(200)
  expect((await files(again)).get('meta')).toBe((await files(first)).get('meta'))
  await scene.sql(`UPDATE join_tokens SET expires_at = now() - interval '1 day'`)
  const late = await scene.machine.enrol(request(token, enrolText(node)))
  expect(late.status).toBe(200)
  expect(await confirmedBy(late)).toEqual(await confirmedBy(first))
  expect(await scene.sql(`SELECT count(*)::int AS events FROM events`)).toEqual([{ events: 1 }])
})

test('who saw the token and the public key gets nothing', async () => {
  await using scene = await testScene()
  const { token } = await scene.invite('gateway')
  const node = testNode()
  await scene.machine.enrol(request(token, enrolText(node)))
  const thief = { ...testNode(), publicKey: node.publicKey }
  expect(codeOf(await scene.machine.enrol(request(token, enrolText(thief))))).toBe('token-used')
  const other = await scene.invite('member')
  expect(codeOf(await scene.machine.enrol(request(other.token, enrolText(thief))))).toBe('key-in-use')
  const sameCredential = { ...node, publicKey: publicKey() }
  expect(codeOf(await scene.machine.enrol(request(other.token, enrolText(sameCredential))))).toBe('key-in-use')
  expect(await scene.sql('SELECT uses FROM join_tokens ORDER BY uses')).toEqual([{ uses: 0 }, { uses: 1 }])
})

test('a removed node comes back neither with its key nor with its credential', async () => {
  await using scene = await testScene()
  await scene.join('gateway')
  const member = await scene.join('member')
  await scene.remove(member.id)
  const again = await scene.invite('member')
  expect(codeOf(await scene.machine.enrol(request(again.token, enrolText(member))))).toBe('key-in-use')
  const newKey = { ...member, publicKey: publicKey() }
  expect(codeOf(await scene.machine.enrol(request(again.token, enrolText(newKey))))).toBe('key-in-use')
})

test.each([
  ['token-expired', `UPDATE join_tokens SET expires_at = now() - interval '1 second'`],
  ['token-revoked', 'UPDATE join_tokens SET revoked_at = now()'],
  ['unknown', 'DELETE FROM join_tokens'],
])('a token that cannot be used is refused as %s', async (code, statement) => {
  await using scene = await testScene()
  const { token } = await scene.invite('gateway')
  await scene.sql(statement)
  expect(codeOf(await scene.machine.enrol(request(token, enrolText(testNode()))))).toBe(code)
})

test('the first node of a network is a gateway', async () => {
  await using scene = await testScene()
  const { token } = await scene.invite('member')
  const answer = await scene.machine.enrol(request(token, enrolText(testNode())))
  expect([answer.status, codeOf(answer)]).toEqual([409, 'gateway-first'])
  expect(await scene.sql('SELECT uses FROM join_tokens')).toEqual([{ uses: 0 }])
})

describe('at one door after the other', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await testScene()
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  test.each([
    ['no token', { authorization: null }, 'unknown'],
    ['SQL for a token', { authorization: "Bearer swj_' OR 1=1" }, 'unknown'],
    ['a page of HTML', { body: '<html>' }, 'malformed'],
    ['a zero key', { body: enrolText({ ...testNode(), publicKey: `${'A'.repeat(43)}=` }) }, 'bad-key'],
    ['a later format', { body: 'spanwire enrol 2\n' }, 'protocol'],
    ['a megabyte', { body: `spanwire enrol 1\n${' '.repeat(1 << 20)}` }, 'too-large'],
  ])('%s is refused before the database is asked', async (_, change, code) => {
    const { token } = await scene.invite('gateway')
    const answer = await scene.machine.enrol({ ...request(token, enrolText(testNode())), ...change })
    expect(codeOf(answer)).toBe(code)
  })

  test.each([
    ['empty', ''],
    ['short', key(new Uint8Array(31).fill(9))],
    ['long', key(new Uint8Array(33).fill(9))],
    ['zero', key(new Uint8Array(32))],
    ['one, of order 4', point(`01${'00'.repeat(31)}`)],
    ['of order 8', point('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800')],
    ['of order 8, the other', point('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157')],
    ['p - 1, of order 2', point(`ec${'ff'.repeat(30)}7f`)],
    ['p, another spelling of zero', point(`ed${'ff'.repeat(30)}7f`)],
    ['p + 1, another spelling of one', point(`ee${'ff'.repeat(30)}7f`)],
    ['with the unused bit set', point(`09${'00'.repeat(30)}80`)],
    ['no base64', `${'!'.repeat(43)}=`],
    ['base64 with bits of no byte', `${'A'.repeat(42)}B=`],
    ['a line more', `${publicKey()}\ncredential-sha256 ${'0'.repeat(64)}`],
  ])('a key that is %s joins nothing and costs no token', async (_, hostile) => {
    const { token } = await scene.invite('gateway')
    const answer = await scene.machine.enrol(request(token, enrolText({ ...testNode(), publicKey: hostile })))
    expect(answer.status).toBe(400)
    expect(['bad-key', 'malformed']).toContain(codeOf(answer))
    const counts = `SELECT sum(uses)::int AS uses, (SELECT count(*)::int FROM nodes WHERE public_key IS NOT NULL) AS keys FROM join_tokens`
    expect(await scene.sql(counts)).toEqual([{ uses: 0, keys: 0 }])
  })
})

test.each(['"; reboot', '$(reboot)', '\u{1f4a9}'.repeat(60), 'x'.repeat(250), '', 'LOCALHOST'])(
  'a machine called %j gets a name that is one',
  async (hostname) => {
    await using scene = await testScene()
    await scene.join('gateway')
    const token = await scene.joinKey(5)
    const answer = await scene.machine.enrol(request(token, enrolText(testNode(), hostname)))
    expect(answer.status).toBe(200)
    const [node] = await scene.sql<{ name: string }>(`SELECT name FROM nodes WHERE role = 'member'`)
    expect(node?.name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
  },
)

test('of two machines that come with one key at once, one joins', async () => {
  await using scene = await testScene()
  await scene.join('gateway')
  const token = await scene.joinKey(50)
  const shared = publicKey()
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      scene.machine.enrol(request(token, enrolText({ ...testNode(), publicKey: shared }))),
    ),
  )
  expect(answers.map((answer) => codeOf(answer) ?? 'joined').sort()).toEqual(
    ['joined', ...Array(7).fill('key-in-use')].sort(),
  )
})

test('a join key ends with its uses, however many race for the last, and with its time, however many are left', async () => {
  await using scene = await testScene()
  await scene.join('gateway')
  const join = (token: string) => scene.machine.enrol(request(token, enrolText(testNode())))
  const few = await scene.joinKey(5)
  const racers = await Promise.all(Array.from({ length: 20 }, () => join(few)))
  expect(racers.filter(({ status }) => status === 200)).toHaveLength(5)
  expect(racers.filter((answer) => codeOf(answer) === 'token-used')).toHaveLength(15)
  const many = await scene.joinKey(1000)
  expect((await join(many)).status).toBe(200)
  await scene.sql(`UPDATE join_tokens SET expires_at = now() WHERE max_uses = 1000`)
  expect(codeOf(await join(many))).toBe('token-expired')
})

test('a full range says so, and a place that has rested is given again', async () => {
  await using scene = await testScene()
  await scene.sql(`UPDATE networks SET cidr4 = '10.77.0.0/29'`)
  await scene.join('gateway')
  const token = await scene.joinKey(20)
  const join = () => scene.machine.enrol(request(token, enrolText(testNode())))
  for (let n = 2; n <= 6; n++) expect((await join()).status).toBe(200)
  expect(codeOf(await join())).toBe('pool-exhausted')
  await scene.sql(`DELETE FROM nodes WHERE ordinal = 3`)
  await scene.sql(
    `UPDATE address_leases SET node_id = NULL, resting_until = now() + interval '1 hour' WHERE ordinal = 3`,
  )
  expect(codeOf(await join())).toBe('pool-exhausted')
  await scene.sql(`UPDATE address_leases SET resting_until = now() - interval '1 second' WHERE ordinal = 3`)
  expect((await files(await join())).get('addresses')).toContain('10.77.0.3/29')
})

test('a gateway whose endpoint nobody filled in is looked for where it called from', async () => {
  await using scene = await testScene()
  const { nodeId, token } = await scene.invite('gateway')
  await scene.sql('UPDATE nodes SET endpoint = NULL WHERE id = $1', [nodeId])
  await scene.machine.enrol(request(token, enrolText(testNode()), '198.51.100.9'))
  expect(await scene.sql('SELECT endpoint FROM nodes')).toEqual([{ endpoint: '198.51.100.9:51820' }])
})

function key(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
/** Little-endian, as X25519 writes points. */
function point(hex: string): string {
  return key(Buffer.from(hex, 'hex'))
}
