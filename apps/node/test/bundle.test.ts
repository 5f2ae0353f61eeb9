import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '@spanwire/lab/run'
import { type Shell, shellNames, shells } from '@spanwire/lab/shells'
import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256, withSums } from './fake-server.ts'
import { goldenBundle, goldenKinds } from './golden-bundle.ts'
import { functionsOnly } from './script-file.ts'
import { type TarMember, tarOf } from './tar-of.ts'

const LONG = 'n'.repeat(300)

type Edit = (files: BundleFile[]) => TarMember[]
const replace = (name: string, change: (text: string) => string) => (files: BundleFile[]) =>
  files.map((file) => (file.name === name ? { name, text: change(file.text) } : file))
const append = (name: string, line: string) => replace(name, (text) => `${text}${line}\n`)
const summed =
  (edit: (files: BundleFile[]) => BundleFile[]): Edit =>
  (files) =>
    withSums(edit(files))
const before =
  (member: TarMember): Edit =>
  (files) => [...files.slice(0, -1), member, ...files.slice(-1)]

const onTrial = (change: (text: string) => string) => (files: BundleFile[]) => {
  const rules = files.find(({ name }) => name === 'firewall.nft')?.text ?? ''
  return [...files.slice(0, -1), { name: 'policy/trial.nft', text: change(rules) }, ...files.slice(-1)]
}

/** Bundles that a server with a bug, a wrong backup or a bad owner could send. */
const bundles: { it: string; edit: Edit; says: RegExp }[] = [
  {
    it: 'of a format from the future',
    edit: summed(replace('meta', (text) => text.replace('format 1', 'format 2'))),
    says: /meta:1/,
  },
  {
    it: 'that is a delta',
    edit: summed(replace('meta', (text) => text.replace('kind full', 'kind delta'))),
    says: /meta:2/,
  },
  {
    it: 'without its node',
    edit: summed(replace('meta', (text) => text.replace(/^node .*\n/m, ''))),
    says: /no node/,
  },
  { it: 'with an unknown key', edit: summed(append('meta', 'run reboot')), says: /meta:\d+.*run reboot/ },
  {
    it: 'with an unknown file',
    edit: summed((files) => [...files.slice(0, -1), { name: 'hosts', text: '' }, ...files.slice(-1)]),
    says: /tar|checksum/,
  },
  {
    it: 'with a sum that does not match',
    edit: (files) => files.map((file) => (file.name === 'routes' ? { ...file, text: 'span0 10.9.0.0/16\n' } : file)),
    says: /tar|checksum/,
  },
  { it: 'with a file that has no sum', edit: before({ name: 'peers/span0b', text: '' }), says: /tar|checksum/ },
  {
    it: 'with a link, though its sum matches what it leads to',
    edit: (files) => [
      ...files.slice(0, -1),
      { name: 'peers/span0b', text: '', type: 'symlink', linkname: '../meta' },
      { name: 'SHA256SUMS', text: `${files.at(-1)?.text}${sha256(files[0]?.text ?? '')}  peers/span0b\n` },
    ],
    says: /tar|checksum/,
  },
  { it: 'with an absolute name', edit: before({ name: '/tmp/spanwire-pwned', text: 'x' }), says: /tar|checksum/ },
  {
    it: 'with a name that climbs',
    edit: before({ name: 'peers/../../pwned', text: 'x' }),
    says: /tar|checksum/,
  },
  { it: 'with a member twice', edit: before({ name: 'routes', text: 'span0 10.9.0.0/16\n' }), says: /tar|checksum/ },
  ...Object.entries({
    quotes: `it's"here"`,
    'a command': '$(touch pwned)',
    backquotes: '`touch pwned`',
    'a second command': 'x;touch pwned',
    'a second word': 'x -k',
    'a second line': 'x\nname y',
    'a carriage return': 'x\r',
    'a pattern': '*',
    'a bracket of awk': 'x["a"]',
    'an emoji': 'home-🏠',
    capitals: 'Home-1',
    'nothing in it': '',
  }).map(([what, name]) => ({
    it: `for a node whose name has ${what}`,
    edit: summed(replace('meta', (text) => text.replace(/^name .*$/m, () => `name ${name}`))),
    says: /meta:\d+|meta: no name, or two/,
  })),
  {
    it: 'for a node whose name has 300 characters',
    edit: summed(replace('meta', (text) => text.replace(/^name .*$/m, `name ${LONG}`))),
    says: /meta:6/,
  },
  {
    it: 'with a peer called by a command',
    edit: summed(append('names', `${'A'.repeat(42)}E= $(touch pwned)`)),
    says: /names:\d+/,
  },
  {
    it: 'with a hook in the peers',
    edit: summed(append('peers/span0', 'PostUp = touch pwned')),
    says: /peers\/span0:\d+/,
  },
  {
    it: 'with a private key in the peers',
    edit: summed(append('peers/span0', `PrivateKey = ${'A'.repeat(42)}E=`)),
    says: /peers\/span0:\d+/,
  },
  {
    it: 'with an endpoint that is an option',
    edit: summed(append('peers/span0', 'Endpoint = -x:51820')),
    says: /peers\/span0:\d+/,
  },
  {
    it: 'with a key that is none',
    edit: summed(append('peers/span0', `PublicKey = ${'A'.repeat(42)}B=`)),
    says: /peers\/span0:\d+/,
  },
  {
    it: 'with an interface that is a path',
    edit: summed(append('interfaces', '../eth0 51820 1420')),
    says: /interfaces:2/,
  },
  {
    it: 'with an interface of 16 characters',
    edit: summed(append('interfaces', 'span0123456789ab 0 1420')),
    says: /interfaces:2/,
  },
  {
    it: 'with an address on an interface that is not its own',
    edit: summed(append('addresses', 'eth0 10.9.9.9/8')),
    says: /addresses:\d+.*eth0/,
  },
  {
    it: 'with a route that is an option',
    edit: summed(append('routes', 'span0 default')),
    says: /routes:\d+/,
  },
  {
    it: 'with a sysctl out of the list',
    edit: summed(append('sysctls', 'kernel.core_pattern |/tmp/x')),
    says: /sysctls:\d+/,
  },
  {
    it: "with somebody else's table",
    edit: summed(append('firewall.nft', 'flush ruleset')),
    says: /firewall.nft:\d+/,
  },
  {
    it: 'with an include in the firewall',
    edit: summed(replace('firewall.nft', (text) => text.replace(/^ {2}chain/m, '  include "/etc/passwd"\n  chain'))),
    says: /firewall.nft:4/,
  },
  {
    it: "with somebody else's table on trial",
    edit: summed(onTrial((text) => `${text}flush ruleset\n`)),
    says: /policy\/trial.nft:\d+.*flush ruleset/,
  },
  {
    it: 'with rules on trial that break off',
    edit: summed(onTrial((text) => text.slice(0, text.indexOf('\n') + 1))),
    says: /not one table of ours/,
  },
  {
    it: 'with a part of the script that is a path',
    edit: summed(append('meta', `part ../k3s 0.1.0 ${'a'.repeat(64)}`)),
    says: /meta:\d+/,
  },
  {
    it: 'with a request that is not on the list',
    edit: summed(append('requests', `${'a'.repeat(36)} exec 5 reboot`)),
    says: /requests:1/,
  },
  {
    it: 'with a server that is no address',
    edit: summed(append('meta', 'server file:///etc/passwd -')),
    says: /meta:\d+|meta: no name, or two/,
  },
]

let directory: string

beforeAll(async () => {
  directory = mkdtempSync(`${tmpdir()}/spanwire-bundle-`)
  for (const [index, { edit }] of bundles.entries()) {
    writeFileSync(`${directory}/bad-${index}`, await tarOf(edit(goldenBundle('gateway'))))
  }
  for (const kind of goldenKinds) {
    writeFileSync(`${directory}/good-${kind}`, await tarOf(goldenBundle(kind)))
  }
  const firewall = readFileSync(
    new URL('../../../packages/mesh/src/policy/golden/gateway-with-devices.nft', import.meta.url),
    'utf8',
  )
  const judging = summed((files) =>
    files.map((file) => (file.name === 'firewall.nft' ? { ...file, text: firewall } : file)),
  )
  writeFileSync(`${directory}/good-policy`, await tarOf(judging(goldenBundle('gateway'))))
  // busybox brings its own tar, awk, sed and sha256sum, as on Alpine.
  mkdirSync(`${directory}/busybox`)
  const { stdout } = await run(['busybox', '--list'])
  for (const tool of stdout.trim().split('\n')) symlinkSync('/bin/busybox', `${directory}/busybox/${tool}`)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe.each(shellNames)('in %s', (shell) => {
  test.each(['gateway', 'member', 'paused', 'policy', 'trial'])('the golden bundle of a %s is taken', async (kind) => {
    expect(await unpack(shell, [`good-${kind}`])).toEqual([''])
  })

  test('a bundle that is not as the protocol says is refused, with the place that is wrong, and runs nothing', async () => {
    const why = await unpack(
      shell,
      bundles.map((_, index) => `bad-${index}`),
    )
    expect(why).toHaveLength(bundles.length)
    const wrong = bundles.map(({ it, says }, index) => {
      const said = why[index] ?? ''
      return says.test(said) && /^[ -~]{1,400}$/.test(said) ? '' : `${it}: "${said}" is not ${says}`
    })
    expect(wrong.filter(Boolean)).toEqual([])
  })
})

/** What the script says against each of some bundles; an empty line when it takes it. */
async function unpack(shell: Shell, names: string[]): Promise<string[]> {
  const work = mkdtempSync(`${directory}/work-`)
  const [program = '', ...rest] = shells[shell]
  const script = `${functionsOnly}
set -u
R=${work}/run L=${work}/state S=tmp.x STEP=
export LC_ALL=C
mkdir -p $R/tmp.x $L
cd $R
for bundle in ${names.join(' ')}; do
  cp ${directory}/$bundle bundle
  if unpack bundle; then echo; else printf '%s\\n' "$WHY"; fi
done
`
  writeFileSync(`${work}/script`, script)
  const path = `${shell === 'busybox ash' ? `${directory}/busybox:` : ''}${process.env.PATH}`
  const found = (await run(['sh', '-c', 'command -v "$0"', program])).stdout.trim()
  const ran = await run([found, ...rest, `${work}/script`], { env: { PATH: path } })
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const touched = ['run', 'state', 'state/incoming']
    .map((where) => `${work}/${where}/pwned`)
    .concat('/tmp/spanwire-pwned')
  expect(touched.filter((file) => existsSync(file))).toEqual([])
  return ran.stdout.split('\n').slice(0, -1)
}
