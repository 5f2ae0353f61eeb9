import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { run } from '@spanwire/lab/run'
import { type Shell, shellNames, shells } from '@spanwire/lab/shells'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { plan } from '@spanwire/mesh/paths/plan'
import { randomRows } from '@spanwire/mesh/paths/testing/random-rows'
import { stepOf } from '@spanwire/mesh/paths/testing/step-of'
import { randomOf } from '@spanwire/mesh/policy/testing/random'
import { bundleDelta } from '@spanwire/mesh/protocol/bundle-delta'
import { goldenServer } from '@spanwire/mesh/protocol/golden-network'
import { goldenPart } from '@spanwire/mesh/protocol/golden-paths'
import { type BundleFile, renderBundle } from '@spanwire/mesh/protocol/render-bundle'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from './fake-server.ts'
import { deltaFile, deltaText, functionsOnly } from './script-file.ts'

let directory: string
let pairs: { old: BundleFile[]; now: BundleFile[]; delta: string }[]

beforeAll(async () => {
  directory = mkdtempSync(`${tmpdir()}/spanwire-delta-`)
  pairs = randomPairs()
  mkdirSync(`${directory}/busybox`)
  const { stdout } = await run(['busybox', '--list'])
  for (const tool of stdout.trim().split('\n')) symlinkSync('/bin/busybox', `${directory}/busybox/${tool}`)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('the part is small, shellcheck has nothing to say about it, and its last line calls main', async () => {
  expect(Buffer.byteLength(deltaText)).toBeLessThanOrEqual(32_768)
  expect(await run(['shellcheck', '-s', 'sh', deltaFile])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(deltaText.match(/^[ \t]*main\b(?!\(\))/gm)).toEqual(['main'])
  expect(deltaText.endsWith('\nmain "$@"\n')).toBe(true)
})

test('it never asks wg for the view that shows private keys', () => {
  expect(deltaText).not.toMatch(/wg show(conf)?\b[^\n]*\b(dump|private-key|preshared-keys)\b|wg showconf/)
})

describe.each(shellNames)('in %s', (shell) => {
  test('what it makes of random bundles and deltas is the whole bundle, byte for byte, which the core takes', async () => {
    const work = workOf(shell)
    for (const [i, { old, delta }] of pairs.entries()) {
      write(`${work}/confirmed.${i}`, old)
      writeFileSync(`${work}/run/delta.${i}`, delta)
    }
    const said = await shelled(
      shell,
      work,
      `i=0
       while [ $i -lt ${pairs.length} ]; do
         C=${work}/confirmed.$i WHY=''
         cp delta.$i answer
         S=tmp.x part_whole answer && S=tmp.core && unpack answer || echo "$i: \${WHY:-no}"
         mv ${work}/state/incoming ${work}/is.$i
         i=$((i + 1))
       done`,
    )
    expect(said).toBe('')
    for (const [i, { now }] of pairs.entries())
      for (const { name, text } of now) expect(readFileSync(`${work}/is.${i}/${name}`, 'utf8')).toBe(text)
  })

  test('a delta that is not as the protocol says, or of another bundle, makes nothing and touches nothing', async () => {
    const work = workOf(shell)
    const { old, now, delta } = pairs.find(({ delta }) => /^keep/m.test(delta)) as (typeof pairs)[number]
    write(`${work}/confirmed`, old)
    const wrong = [
      delta.replace(/^base .*/m, `base ${'0'.repeat(64)}`),
      delta.replace(/^sums .*/m, `sums ${'0'.repeat(64)}`),
      delta.replace(/^keep .*/m, 'keep 1'),
      delta.replace(/^keep .*/m, 'keep -1'),
      delta.replace(/^\+.*/m, '+another line'),
      `${delta}file ../pwned\n+x\n`,
      `${delta}file /tmp/spanwire-pwned\n+x\n`,
      `${delta}gone ../../run/answer\n`,
      `${delta}file x;touch pwned\n+x\n`,
      `${delta}run reboot\n`,
      `${delta}file more\n+a file that has no sum, and is not in the tar\n`,
      delta.slice(0, delta.length / 2),
      delta.split('\n').slice(0, 3).join('\n'),
    ]
    for (const [i, text] of wrong.entries()) writeFileSync(`${work}/run/wrong.${i}`, text)
    const said = await shelled(
      shell,
      work,
      `i=0 C=${work}/confirmed S=tmp.x
       while [ $i -lt ${wrong.length} ]; do
         cp wrong.$i answer
         if part_whole answer; then echo "$i taken: $(tar -tf answer | tr '\\n' ' ')"; fi
         i=$((i + 1))
       done
       find .. -name '*pwned*'
       ls /tmp/spanwire-pwned 2>/dev/null || :`,
    )
    // What has no sum is not in the tar: the bundle is as if it had not been told.
    expect(said).toBe(`10 taken: ${now.map(({ name }) => name).join(' ')} \n`)
    for (const { name, text } of old) expect(readFileSync(`${work}/confirmed/${name}`, 'utf8')).toBe(text)
  })

  test('of two files for WireGuard the peers that differ are set and removed, and no others, in whatever order they stand', async () => {
    const work = workOf(shell)
    const pairs = Array.from({ length: 60 }, (_, i) => randomPeers(randomOf(91_000 + i)))
    for (const [i, { was, wanted }] of pairs.entries()) {
      writeFileSync(`${work}/run/was.${i}`, `the stamp\n\n${was.map(section).join('\n')}`)
      writeFileSync(`${work}/run/wanted.${i}`, `${INTERFACE}${wanted.map(section).join('\n')}`)
    }
    const said = await shelled(
      shell,
      work,
      `i=0
       while [ $i -lt ${pairs.length} ]; do
         S=tmp.x && differ was.$i wanted.$i || echo "$i failed"
         mv $S/gone gone.$i && mv $S/add add.$i
         i=$((i + 1))
       done`,
    )
    expect(said).toBe('')
    for (const [i, { was, wanted }] of pairs.entries()) {
      const stood = new Map(was.map((peer) => [peer.key, sameAs(peer)]))
      const gone = was.filter(({ key }) => wanted.every((peer) => peer.key !== key)).map(({ key }) => key)
      const changed = wanted.filter((peer) => stood.get(peer.key) !== sameAs(peer))
      const removed = readFileSync(`${work}/run/gone.${i}`, 'utf8').split('\n').filter(Boolean).sort()
      expect(removed, `${i}`).toEqual(gone.map((key) => `peer ${key} remove`).sort())
      const added = readFileSync(`${work}/run/add.${i}`, 'utf8')
        .split(/^(?=\[Peer\])/m)
        .filter(Boolean)
        .sort()
      expect(added, `${i}`).toEqual(changed.map(section).sort())
    }
  })

  test('a file for WireGuard with lines that the part does not know, or out of their place, is none for it', async () => {
    const work = workOf(shell)
    const [one = '', two = ''] = ['A', 'B'].map((letter) =>
      section({ key: `${letter.repeat(43)}=`, ips: ['10.0.0.1/32'], keep: '25' }),
    )
    const files = [
      `${INTERFACE}${one}`,
      `${INTERFACE}${one.replace(/^Allowed/m, 'PresharedKey = x\nAllowed')}`,
      `${INTERFACE}${one.replace(/^Allowed/m, 'Endpoint = 192.0.2.1:1\nAllowed')}`,
      `${INTERFACE}${one}\n${two.replace(/^Allowed/m, '\nAllowed')}`,
      `${INTERFACE}${one}\n${two}\n${two}`,
      `${INTERFACE}${one}\n[Peer]\nAllowedIPs = 10.0.0.2/32\n`,
      `${INTERFACE}${one}\n${two}[Peer]\nAllowedIPs = 10.0.0.2/32\n`,
    ]
    writeFileSync(`${work}/run/was`, 'the stamp\n\n')
    for (const [i, text] of files.entries()) writeFileSync(`${work}/run/wanted.${i}`, text)
    const said = await shelled(
      shell,
      work,
      `S=tmp.x
       for i in 0 1 2 3 4 5 6 nothing; do if q differ was wanted.$i; then echo $i taken; fi; done
       if q differ nothing wanted.0; then echo nothing taken; fi`,
    )
    expect(said).toBe('0 taken\n')
  })

  test('a whole bundle is left as it is', async () => {
    const work = workOf(shell)
    const said = await shelled(
      shell,
      work,
      "printf 'meta\\0 1' >answer; S=tmp.x; part_whole answer && od -c answer | head -1",
    )
    expect(said).toMatch(/m {3}e {3}t {3}a {2}\\0/)
  })
})

const INTERFACE = `[Interface]\nFwMark = 0x3700\nListenPort = 51820\nPrivateKey = ${'P'.repeat(43)}=\n`

type Peer = { readonly key: string; readonly ips: readonly string[]; readonly keep: string }

function section({ key, ips, keep }: Peer): string {
  const allowed = ips.length > 0 ? `AllowedIPs = ${ips.join(', ')}\n` : ''
  return `[Peer]\nPublicKey = ${key}\n${allowed}PersistentKeepalive = ${keep}\n`
}

const sameAs = ({ ips, keep }: Peer): string => [...ips].sort().concat(keep).join()

/** What stands, and what is wanted: some come, go, change, and some only stand in another order. */
function randomPeers(random: ReturnType<typeof randomOf>): { was: Peer[]; wanted: Peer[] } {
  const letters = [...'+/0189AZaz']
  const peerOf = (n: number): Peer => ({
    key: `${random.one(letters)}${random.one(letters)}${String(n).padStart(41, 'k')}=`,
    ips: Array.from({ length: random.below(4) }, (_, i) => `10.${n}.0.${i}/32`),
    keep: random.one(['25', 'off']),
  })
  const sorted = (peers: Peer[]) => peers.sort((a, b) => (a.key < b.key ? -1 : 1))
  const shuffled = (peers: Peer[]) => (random.chance(70) ? sorted(peers) : peers)
  const was = Array.from({ length: random.below(12) }, (_, n) => peerOf(n))
  const kept = was.flatMap((peer): Peer[] => {
    if (random.chance(15)) return []
    if (random.chance(15)) return [{ ...peer, ips: [...peer.ips].reverse() }]
    return random.chance(15) ? [{ ...peer, ips: peer.ips.slice(1), keep: random.one(['25', 'off']) }] : [peer]
  })
  const came = Array.from({ length: random.below(4) }, (_, n) => peerOf(50 + n))
  return { was: shuffled(was), wanted: shuffled([...came, ...kept]) }
}

/** Pairs of bundles of random networks, one change apart: whatever a bundle may hold. */
function randomPairs() {
  const found: { old: BundleFile[]; now: BundleFile[]; delta: string }[] = []
  for (let seed = 1; found.length < 40; seed++) {
    const random = randomOf(43_000 + seed)
    let rows = randomRows(random)
    let before = plan(rows)
    for (let step = 1; step <= 3; step++) {
      rows = stepOf(random, rows, step)
      const after = plan(rows, before)
      const id = rows.nodes.length > 0 ? random.one(rows.nodes).id : ''
      const [old, now] = [
        { network: before, revision: step, tombstone: random.chance(30) ? `swt_${'Q'.repeat(43)}` : null },
        { network: after, revision: step + 1, tombstone: null },
      ].map(({ network, ...meta }) => {
        const view = nodeView(network, id)
        return view && renderBundle(view, goldenServer, { epoch: 1, ...meta }, sha256, goldenPart)
      })
      const base = /^view (.*)$/m.exec(old?.[0]?.text ?? '')?.[1] ?? ''
      const delta = old && now ? bundleDelta(old, now, base, sha256) : null
      if (old && now && delta) found.push({ old, now, delta })
      before = after
    }
  }
  return found
}

function workOf(shell: Shell): string {
  const work = mkdtempSync(`${directory}/${shell.replaceAll(' ', '-')}-`)
  for (const name of ['run/tmp.x', 'run/tmp.core', 'state']) mkdirSync(`${work}/${name}`, { recursive: true })
  return work
}

function write(at: string, files: readonly BundleFile[]): void {
  for (const { name, text } of files) {
    mkdirSync(dirname(`${at}/${name}`), { recursive: true })
    writeFileSync(`${at}/${name}`, text)
  }
}

/** The functions of the part beside those of the core, in a directory of their own; what is printed. */
async function shelled(shell: Shell, work: string, lines: string): Promise<string> {
  const [program = '', ...rest] = shells[shell]
  const script = `${functionsOnly}\n${deltaText.slice(0, -'main "$@"\n'.length)}
set -u
R=${work}/run L=${work}/state STEP=
export LC_ALL=C
cd $R
${lines}
`
  writeFileSync(`${work}/script`, script)
  // busybox brings its own tar, awk and sha256sum, as on Alpine.
  const path = `${shell === 'busybox ash' ? `${directory}/busybox:` : ''}${process.env.PATH}`
  const found = (await run(['sh', '-c', 'command -v "$0"', program])).stdout.trim()
  const ran = await run([found, ...rest, `${work}/script`], { env: { PATH: path }, timeoutMs: 110_000 })
  expect(ran).toMatchObject({ stderr: '' })
  return ran.stdout
}
