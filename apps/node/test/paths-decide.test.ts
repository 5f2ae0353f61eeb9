import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '@spanwire/lab/run'
import { afterAll, expect, test } from 'vitest'
import { type GoldenKind, goldenBundle } from './golden-bundle.ts'
import { functionsOnly, pathsText, statusText } from './script-file.ts'

/** What one tick makes of what it finds, without a machine: files in, orders out. */
const directory = mkdtempSync(`${tmpdir()}/spanwire-decide-`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const LAST_LINE = 'main "$@"\n'
const functions = `${functionsOnly}\n${pathsText.slice(0, -LAST_LINE.length)}`
const awks = { mawk: 'mawk', 'busybox awk': 'busybox' } as const

type State = 'alive' | 'dead' | 'unknown'
type Tick = {
  /** Rows of the core: the state of the base's peers, by the names of nodes, and since when. */
  core?: Record<string, State | `${State} ${number}`>
  /** Who answered a ping: INTERFACE NAME. */
  answers?: string[]
  /** What `ip -4` lists. */
  have4?: string
  ends?: string
  unix?: number
  /** INTERFACE NAME of who has shaken hands at this tick. */
  shakes?: string[]
  v6?: boolean
}

class Node {
  readonly #place: string
  readonly #awk: keyof typeof awks
  readonly #keys = new Map<string, string>()
  readonly #peers: string[]
  readonly #received = new Map<string, number>()
  #beats = 0

  constructor(
    kind: GoldenKind,
    awk: keyof typeof awks,
    edit: (name: string, text: string) => string = (_, text) => text,
  ) {
    this.#awk = awk
    this.#place = mkdtempSync(`${directory}/`)
    for (const name of ['applied', 'bin', 'ways/is/peers']) mkdirSync(`${this.#place}/${name}`, { recursive: true })
    symlinkSync(`/bin/${awks[awk]}`, `${this.#place}/bin/awk`)
    const files = goldenBundle(kind).map(({ name, text }) => [name, edit(name, text)] as const)
    for (const [name, text] of files) {
      if (name.startsWith('paths/'))
        writeFileSync(`${this.#place}/ways/is/${name.slice(6).replace('peers.', 'peers/')}`, text)
      else if (!name.includes('/')) writeFileSync(`${this.#place}/applied/${name}`, text)
    }
    const all = (end: string) => files.flatMap(([name, text]) => (name.endsWith(end) ? text.trim().split('\n') : []))
    for (const line of all('probes')) {
      const [face = '', key = ''] = line.split(' ')
      const [, node = ''] =
        all('names')
          .find((line) => line.startsWith(`${key} `))
          ?.split(' ') ?? []
      this.#keys.set(`${face} ${node}`, key)
    }
    this.#peers = files.flatMap(([name, text]) => (name === 'paths/probes' ? (text.match(/^\S+ \S+/gm) ?? []) : []))
  }

  /** INTERFACE NAME: each interface of a node has a key of its own kind. */
  key(who: string): string {
    const key = this.#keys.get(who)
    if (!key) throw new Error(`${who} is none of ${[...this.#keys.keys()]}`)
    return key
  }

  /** Who is silent moves no counter; who answers does. */
  async tick(
    now: number,
    { core = {}, answers = [], have4 = '', ends = '', unix = 0, shakes = [], v6 = true }: Tick = {},
  ) {
    const answered = answers.map((who) => `${who.split(' ')[0]} ${this.key(who)}`)
    for (const peer of answered) this.#received.set(peer, now)
    const moved = this.#peers.map((peer) => `${peer.replace(' ', '\t')}\t${this.#received.get(peer) ?? 0}\t1`)
    const write = (name: string, lines: string[]) =>
      writeFileSync(`${this.#place}/${name}`, lines.map((line) => `${line}\n`).join(''))
    write(
      'paths',
      Object.entries(core).map(([name, said]) => {
        const [state, since = 0] = said.split(' ')
        return `span0 ${this.key(`span0 ${name}`)} ${state} ${since} 0 1 1 0 0`
      }),
    )
    write('ways/moved', moved)
    write(
      'ways/pong',
      answered.map((peer) => `${peer} 1.5`),
    )
    write(
      'ways/shook',
      shakes.map((who) => `${who.split(' ')[0]} ${this.key(who)} ${now}`),
    )
    write('ways/in4', have4 === '' ? [] : [have4])
    write('ways/inx', ends === '' ? [] : [ends])
    const vars = `NOW=${now} UNIX=${unix} V6=${v6 ? 1 : ''} BEATS=${this.#beats++} PINGS= BEGUN=${now > 100 ? 1 : ''} TELL=1 REFUSED=`
    const script = `${functions}\ncd ${this.#place}\nPATH=$PWD/bin:$PATH\n${vars}\nlearn\ncp ways/in4 ways/have4; cp ways/inx ways/ends\ndecide\n`
    const { stderr } = await run(['dash', '-c', script])
    expect(stderr, this.#awk).toBe('')
    return {
      ways: Object.fromEntries(
        [...this.file('ways/chosen').matchAll(/^(\S+) ([^ :]+)/gm)].map(([, name, way]) => [name, way]),
      ),
      v4: this.file('ways/do4').trimEnd().split('\n'),
      v6: this.file('ways/do6').trimEnd().split('\n'),
      points: this.file('ways/points'),
      report: this.file('ways/report'),
    }
  }

  /** What `spanwire status` prints, at 14:13:20 UTC in a zone of one hour and a half more. */
  async status(now: number): Promise<string[]> {
    const date = "date() { echo '1790000000 +0130'; }"
    const words = statusText.slice(0, -LAST_LINE.length)
    const { stdout, stderr } = await run([
      ...['dash', '-c', `${words}\ncd ${this.#place}\nPATH=$PWD/bin:$PATH\n${date}\nNOW=${now}\npart_show\n`],
    ])
    expect(stderr, this.#awk).toBe('')
    return stdout.trimEnd().split('\n')
  }

  edit(name: string, change: (text: string) => string): void {
    writeFileSync(`${this.#place}/${name}`, change(this.file(name)))
  }

  file(name: string): string {
    return readFileSync(`${this.#place}/${name}`, 'utf8')
  }
}

/** LAST NEXT */
const tryOf = (report: string, key: string): string | undefined =>
  report
    .split('\n')
    .find((line) => line.startsWith(`try span0d ${key} `))
    ?.split(`${key} `)[1]

const each = Object.keys(awks) as (keyof typeof awks)[]

test.each(each)('before anything was measured the first way is taken, and no direct path (%s)', async (awk) => {
  const node = new Node('paths-member', awk)
  const { ways, v4, v6 } = await node.tick(5)
  expect(ways).toEqual({ 'home-2': 'default', 'office-1': 'default', 'gw-2': 'span0b', default: 'span0' })
  expect(v4.filter((line) => line.startsWith('rule'))).toEqual([
    'rule add pref 7690 fwmark 0x3700 lookup main',
    'rule add pref 7700 lookup 7700',
  ])
  expect(v4.findIndex((line) => line.startsWith('route'))).toBeGreaterThan(1)
  expect(v4.filter((line) => line.startsWith('route')).sort()).toEqual([
    'route replace 10.77.0.2 dev span0b src 10.77.0.4 table 7700 proto 78',
    'route replace 192.168.50.0/24 dev span0 src 10.77.0.4 table 7700 proto 78',
    'route replace throw 10.42.4.0/24 table 7700 proto 78',
    'route replace throw 10.77.0.4 table 7700 proto 78',
  ])
  expect(v6).toContain('addr replace fd12:3456:789a:ff01::4/128 dev span0b nodad')
})

test.each(each)('a dead way is left at once, a better one is taken back after 30 s of being well (%s)', async (awk) => {
  const node = new Node('paths-member', awk)
  const main =
    'rule show\n0:\tfrom all lookup local\n10.42.7.0/24 via 10.77.0.7 proto boot\n10.42.0.0/16 proto 77\n1: lo    inet 127.0.0.1/8'
  const have4 = main.replace('rule show\n', '')
  const well = { answers: ['span0b gw-2'], have4 }
  await node.tick(103, { core: { 'gw-1': 'alive' }, ...well })
  const dead = await node.tick(106, { core: { 'gw-1': 'dead' }, ...well })
  expect(dead.ways.default).toBe('span0b')
  expect(dead.v4).toContain('route replace 10.77.0.0/16 dev span0b src 10.77.0.4 table 7700 proto 78')
  // What flannel has there goes along, a whole cluster's range never does.
  expect(dead.v4).toContain('route replace 10.42.7.0/24 dev span0b src 10.77.0.4 table 7700 proto 78')
  expect(dead.v4.join()).not.toContain('10.42.0.0/16')
  expect(dead.report).toContain('way default span0b 106 dead')
  const better = (now: number) => node.tick(now, { core: { 'gw-1': 'alive' }, ...well })
  expect((await better(20)).ways.default).toBe('span0b')
  const back = await better(30)
  expect(back.ways.default).toBe('span0')
  expect(back.report).toContain('way default span0 30 better')
})

test.each(each)(
  'a gateway sends to who has just joined as soon as it is heard, however long that took (%s)',
  async (awk) => {
    const node = new Node('paths-gateway', awk)
    const [home, answers] = ['home-1', ['span0g1 gw-1']]
    const way = async (now: number, state: State, since: number) =>
      (await node.tick(now, { core: { [home]: `${state} ${since}` }, answers })).ways[home]
    expect(await way(101, 'unknown', 101)).toBe('span0')
    expect(await way(110, 'dead', 110)).toBe('span0g1')
    expect(await way(116, 'alive', 116)).toBe('span0')
    // From then on it is a machine like any other.
    expect(await way(146, 'alive', 116)).toBe('span0')
    expect(await way(149, 'dead', 149)).toBe('span0g1')
    expect(await way(152, 'alive', 152)).toBe('span0g1')
    expect(await way(182, 'alive', 152)).toBe('span0')
  },
)

test.each(each)(
  'a direct path counts when its ping was answered for two ticks, and is left when it is silent for three (%s)',
  async (awk) => {
    const node = new Node('paths-member', awk)
    const answers = ['span0d home-2']
    await node.tick(200)
    expect((await node.tick(203, { answers })).ways['home-2']).toBe('default')
    expect((await node.tick(206, { answers })).ways['home-2']).toBe('default')
    const direct = await node.tick(209, { answers })
    expect(direct.ways['home-2']).toBe('span0d')
    expect(direct.v4).toContain('route replace 10.77.0.5 dev span0d src 10.77.0.4 table 7700 proto 78')
    for (const now of [212, 215]) expect((await node.tick(now)).ways['home-2']).toBe('span0d')
    const silent = await node.tick(218)
    expect(silent.ways['home-2']).toBe('default')
    // It is tried anew at once.
    expect(silent.points).toContain(`span0d ${node.key('span0d home-2')} 192.168.1.20:40000 25`)
    for (const now of [221, 224, 248]) expect((await node.tick(now, { answers })).ways['home-2']).toBe('default')
    expect((await node.tick(251, { answers })).ways['home-2']).toBe('span0d')
  },
)

test.each(each)(
  'without IPv6 a handshake proves a direct path, for a ping may be answered by another way (%s)',
  async (awk) => {
    const node = new Node('paths-member', awk)
    const shakes = ['span0d home-2']
    await node.tick(200, { v6: false })
    expect((await node.tick(203, { shakes, v6: false })).ways['home-2']).toBe('default')
    expect((await node.tick(209, { v6: false })).ways['home-2']).toBe('span0d')
    // With IPv6 it proves nothing that a ping does not.
    const other = new Node('paths-member', awk)
    await other.tick(200)
    await other.tick(203, { shakes })
    expect((await other.tick(209)).ways['home-2']).toBe('default')
  },
)

test.each(each)(
  'endpoints are tried in turn, 15 s each, then in windows of the wall clock that both ends have (%s)',
  async (awk) => {
    const node = new Node('paths-member', awk)
    const key = node.key('span0d office-1')
    const at = async (now: number, unix: number) =>
      (await node.tick(now, { unix })).points
        .split('\n')
        .find((line) => line.includes(key))
        ?.split(' ')
        .slice(2)
        .join(' ')
        .replace(/ 25$/, '')
    expect(await at(300, 600_001)).toBe('office.example.org:7777')
    expect(await at(312, 600_013)).toBeUndefined()
    expect(await at(315, 600_016)).toBe('192.0.2.9:7777')
    expect(await at(345, 600_046)).toBeUndefined()
    expect(await at(360, 600_061)).toBe('- off')
    // Minute 10000 is over; after one failure it tries in each second minute, after two in each fourth.
    expect(await at(363, 600_061)).toBeUndefined()
    expect(await at(420, 600_121)).toBe('office.example.org:7777')
    expect(await at(436, 600_137)).toBe('192.0.2.9:7777')
    expect(await at(482, 600_183)).toBe('- off')
    expect(await at(540, 600_241)).toBe('office.example.org:7777')
  },
)

test.each(each)(
  'of a dead direct path it says when it was tried last and is next, and then does so (%s)',
  async (awk) => {
    const node = new Node('paths-member', awk)
    const key = node.key('span0d office-1')
    /** What it says at this tick, and whether a round begins. The clock is at minute 10000 and a second at the beginning. */
    const at = async (now: number, clock = 600_001 - 300) => {
      const { report, points } = await node.tick(now, { unix: now + clock, answers: ['span0d home-2'] })
      // Who answers has nothing to say.
      expect(report.match(/^try .*/gm)).toHaveLength(1)
      const [last, next] = tryOf(report, key)?.split(' ') ?? []
      return [last, next, points.includes(`${key} office.example.org:7777 25`)]
    }
    expect(await at(300)).toEqual(['300', '-', true])
    expect(await at(315)).toEqual(['300', '-', false])
    expect(await at(360)).toEqual(['300', '419', false])
    expect(await at(363)).toEqual(['300', '419', false])
    expect(await at(417)).toEqual(['300', '419', false])
    expect(await at(420)).toEqual(['420', '-', true])
    expect(await at(435)).toEqual(['420', '-', false])
    expect(await at(483)).toEqual(['420', '539', false])
    expect(await at(537)).toEqual(['420', '539', false])
    expect(await at(540)).toEqual(['540', '-', true])
    expect(await at(555)).toEqual(['540', '-', false])
    // A clock that is set changes when it is tried, and is told: eight minutes apart by now.
    expect(await at(603)).toEqual(['540', '779', false])
    expect(await at(606, 600_001)).toEqual(['540', '959', false])
    expect(await at(957, 600_001)).toEqual(['540', '959', false])
    expect(await at(960, 600_001)).toEqual(['960', '-', true])
  },
)

test.each(each)('a round that ends when the next one is due is followed by it at once (%s)', async (awk) => {
  const node = new Node('paths-member', awk)
  const key = node.key('span0d office-1')
  const at = async (now: number) => tryOf((await node.tick(now, { unix: 600_090 + now - 300 })).report, key)
  expect(await at(300)).toBe('300 -')
  expect(await at(315)).toBe('300 -')
  expect(await at(360)).toBe('300 363')
  expect(await at(363)).toBe('363 -')
})

test.each(each)('a table of a script before says nothing of tries until the next one (%s)', async (awk) => {
  const node = new Node('paths-member', awk)
  const tries = async (now: number) =>
    (await node.tick(now, { unix: 600_001 + now - 300 })).report.match(/^try .*/gm) ?? []
  expect(await tries(300)).toHaveLength(2)
  for (const now of [315, 360]) await tries(now)
  node.edit('ways/table', (text) => text.replace(/^((?:\S+ ){20}\S+) \S+$/gm, '$1'))
  expect(await tries(363)).toEqual([])
  expect(await tries(420)).toHaveLength(2)
})

test.each(each)('neither a LAN of this machine nor the way to an endpoint is stolen (%s)', async (awk) => {
  const node = new Node('paths-member', awk, (name, text) =>
    name === 'paths/settings'
      ? text.replace(/^routes .*$/m, 'routes 192.168.50.0/24 172.16.0.0/12 192.0.2.0/24')
      : text,
  )
  const connected = (lan: string) =>
    `0:\tfrom all lookup local\n1: lo    inet 127.0.0.1/8\n${lan} dev eth0 scope link src 192.0.2.1`
  const inside = await node.tick(400, {
    have4: connected('172.20.0.0/16'),
    ends: `span0b\t${node.key('span0b gw-2')}\t192.0.2.7:51820`,
  })
  expect(inside.v4).toContain('route replace throw 172.20.0.0/16 table 7700 proto 78')
  expect(inside.v4).toContain('route replace 172.16.0.0/12 dev span0 src 10.77.0.4 table 7700 proto 78')
  expect(inside.v4).toContain('route replace throw 192.0.2.7 table 7700 proto 78')
  const around = await node.tick(403, { have4: connected('192.168.0.0/16') })
  expect(around.v4).toContain('route replace throw 192.168.50.0/24 table 7700 proto 78')
  expect(around.v4.join()).not.toContain('replace 192.168.50.0/24')
})

test.each(each)(
  'a gateway sends what is for its dead member by the other gateway, and never back to it (%s)',
  async (awk) => {
    const node = new Node('paths-gateway', awk)
    const answers = ['span0g1 gw-1', 'span0g5 gw-3']
    await node.tick(500, { answers, core: { 'home-1': 'alive', 'office-1': 'alive' } })
    const { ways, v4 } = await node.tick(503, { answers, core: { 'home-1': 'dead', 'office-1': 'alive' } })
    expect(ways).toMatchObject({ 'home-1': 'span0g1', 'office-1': 'span0' })
    expect(v4).toContain('rule add pref 7695 iif span0g1 lookup 7701')
    expect(v4).toContain('route replace 10.77.0.4 dev span0g1 src 10.77.0.2 table 7700 proto 78')
    expect(v4).toContain('route replace 10.42.4.0/24 dev span0g1 table 7705 proto 78')
    expect(v4).toContain('route replace unreachable 10.77.0.4 table 7701 proto 78')
    expect(v4).toContain('route replace unreachable default table 7701 proto 78')
    expect(v4).toContain('route replace 10.77.0.0/16 dev span0 table 7701 proto 78')
    // A LAN behind a living member is nobody else's to say.
    expect(v4).toContain('route replace 192.168.50.0/24 dev span0 src 10.77.0.2 table 7700 proto 78')
    expect(v4).toContain('route replace 192.168.50.0/24 dev span0 table 7701 proto 78')
  },
)

test.each(each)('a gateway refuses what nobody has, from members and from gateways (%s)', async (awk) => {
  const node = new Node('paths-gateway', awk)
  const core = { 'home-1': 'dead', 'office-1': 'alive' } as const
  for (const now of [700, 703, 706]) await node.tick(now, { core, answers: ['span0g5 gw-3'] })
  const { ways, v4 } = await node.tick(709, { core, answers: ['span0g5 gw-3'] })
  expect(ways['home-1']).toBe('unreachable')
  for (const table of [7700, 7701, 7705])
    expect(v4).toContain(`route replace unreachable 10.77.0.4 table ${table} proto 78`)
})

test.each(each)('what stands as wished is left alone, and what is not wished goes (%s)', async (awk) => {
  const node = new Node('paths-member', awk)
  const stands = [
    'throw 10.42.4.0/24 table 7700',
    '10.77.0.2 dev span0b table 7700 scope link src 10.77.0.4',
    '192.168.50.0/24 dev span0 table 7700 scope link src 10.77.0.4',
    'throw 10.77.0.4 table 7700',
    '10.77.0.99 dev span0b table 7700 scope link src 10.77.0.4',
    '0:\tfrom all lookup local',
    '7690:\tfrom all fwmark 0x3700 lookup main',
    '7695:\tfrom all iif span0g9 [detached] lookup 7709',
    '7700:\tfrom all lookup 7700',
    '32766:\tfrom all lookup main',
    '2: span0b    inet 10.77.0.4/32 scope global span0b',
    '3: span0d    inet 10.77.0.4/32 scope global span0d',
    '3: span0d    inet 10.9.9.9/32 scope global span0d',
  ]
  const { v4 } = await node.tick(600, { have4: stands.join('\n') })
  expect(v4).toEqual([
    'addr del 10.9.9.9/32 dev span0d',
    'route del 10.77.0.99 dev span0b src 10.77.0.4 table 7700 proto 78',
    'rule del pref 7695 iif span0g9 lookup 7709',
  ])
})

test.each(each)('`spanwire status` says each way, since when and why, and how the gateways are (%s)', async (awk) => {
  const node = new Node('paths-member', awk)
  const answers = ['span0b gw-2', 'span0d home-2']
  const well = { core: { 'gw-1': 'alive' as const }, answers }
  await node.tick(103, { ...well, answers: ['span0b gw-2'] })
  for (const now of [106, 109]) await node.tick(now, well)
  await node.tick(112, { ...well, core: { 'gw-1': 'dead' } })
  expect(await node.status(172)).toEqual([
    '  home-2: direct, since 15:42, better',
    '  office-1: by its default way, since 15:42, as planned',
    '  gw-2: through gw-2, since 15:42, as planned',
    '  default: through gw-2, since 15:42, the way before was dead',
    '  gateways: gw-1 by span0, dead, preferred; gw-2 by span0b, alive',
    '  span0 gw-1 dead for 172 s, RTT 1 ms',
  ])
  // Within a day the hour is enough.
  expect((await node.status(112 + 86_400 - 100))[3]).toContain(', since 15:45 1 d ago, ')
})

test.each(each)('of a gateway with thousands of members it says what is not as usual (%s)', async (awk) => {
  const node = new Node('paths-gateway', awk)
  await node.tick(103, { core: { 'home-1': 'dead', 'home-2': 'alive' }, answers: ['span0g1 gw-1', 'span0g5 gw-3'] })
  const lines = await node.status(163)
  expect(lines).toContain('  home-1: through gw-1, since 15:42, as planned')
  expect(lines).toContain('  home-2: by its own tunnel, since 15:42, as planned')
  expect(lines.at(-3)).toBe('  gateways: gw-1 by span0g1, alive; gw-3 by span0g5, alive')
})
