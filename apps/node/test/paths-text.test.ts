import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '@spanwire/lab/run'
import { shellNames, shells } from '@spanwire/lab/shells'
import { afterAll, describe, expect, test } from 'vitest'
import { type GoldenKind, goldenBundle } from './golden-bundle.ts'
import { pathsFile, pathsText, scriptText } from './script-file.ts'

const directory = mkdtempSync(`${tmpdir()}/spanwire-paths-`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('the part for paths is at most 32 KiB', () => {
  expect(Buffer.byteLength(pathsText)).toBeLessThanOrEqual(32_768)
})

test('its last line calls main, and nothing else does', () => {
  expect(pathsText.endsWith('\nmain "$@"\n')).toBe(true)
  expect(pathsText.match(/^[ \t]*main\b(?!\(\))/gm)).toEqual(['main'])
})

test('shellcheck has nothing to say about it as POSIX sh', async () => {
  expect(await run(['shellcheck', '-s', 'sh', pathsFile])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('it takes words from the core and defines none of them anew, since those of the core would hold', () => {
  const names = (text: string) => [...text.matchAll(/^([a-z_0-9]+)\(\) [{(]/gm)].map(([, name]) => name)
  const core = new Set(names(scriptText))
  expect(names(pathsText).filter((name) => name !== 'main' && core.has(name))).toEqual([])
  for (const word of [
    'say',
    'only',
    'holder',
    'alive',
    'make_interface',
    'remove',
    'put_sysctl',
    'reap',
    'wake',
    'run',
  ])
    expect(core).toContain(word)
})

test('it never asks wg for the view that shows private keys', () => {
  expect(pathsText).not.toMatch(/wg show(conf)?\b[^\n]*\b(dump|private-key|preshared-keys)\b|wg showconf/)
})

const functions = pathsText.slice(0, -'main "$@"\n'.length)

/** What the part has to say against the files of a bundle; nothing when it takes them. */
async function wrong(
  shell: readonly string[],
  kind: GoldenKind,
  edit: (files: Map<string, string>) => void = () => {},
) {
  const files = new Map(goldenBundle(kind).map(({ name, text }) => [name, text]))
  edit(files)
  const place = mkdtempSync(`${directory}/`)
  mkdirSync(`${place}/is/peers`, { recursive: true })
  mkdirSync(`${place}/applied`)
  writeFileSync(`${place}/applied/interfaces`, files.get('interfaces') ?? '')
  for (const [name, text] of files) {
    if (name.startsWith('paths/')) writeFileSync(`${place}/is/${name.slice(6).replace('peers.', 'peers/')}`, text)
  }
  const { code, stdout, stderr } = await run([...shell, '-c', `${functions}\nR=${place}\nwrong ${place}/is`])
  return { code, said: stdout + stderr }
}

describe.each(shellNames)('in %s', (shell) => {
  test('it parses without a word', async () => {
    expect(await run([...shells[shell], '-n', pathsFile])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test.each(['paths-gateway', 'paths-member', 'paths-router'] as const)(
    'it takes what the server renders: %s',
    async (kind) => {
      expect(await wrong(shells[shell], kind)).toEqual({ code: 0, said: '' })
    },
  )
})

test.each([
  { it: 'an interface that is not ours to make', file: 'paths/interfaces', from: 'span0b 0', to: 'eth0 0' },
  { it: 'a route by an interface that the bundle does not make', file: 'paths/routes', from: 'span0b', to: 'eth0' },
  { it: 'a word more', file: 'paths/addresses', from: /$/, to: 'span0b 10.1.1.1/32 dev eth0\n' },
  { it: 'a base that the core does not have', file: 'paths/settings', from: 'base span0', to: 'base eth0' },
  { it: 'no base', file: 'paths/settings', from: 'base span0\n', to: '' },
  { it: 'another mark', file: 'paths/settings', from: '14080', to: '1' },
  { it: 'a command where an endpoint belongs', file: 'paths/endpoints', from: '192.168.1.20', to: '$(reboot)' },
  { it: 'a way by a stranger', file: 'paths/destinations', from: 'span0b span0', to: 'wlan0 span0' },
  { it: 'a file that is not in the protocol', file: 'paths/hooks', from: /^/, to: 'x' },
])('it refuses $it, and says where', async ({ file, from, to }) => {
  const { code, said } = await wrong(['dash'], 'paths-member', (files) => {
    const text = files.get(file) ?? ''
    files.set(file, text.replace(from, to))
    expect(files.get(file)).not.toBe(text)
  })
  expect(code).not.toBe(0)
  expect(said).toContain(file.slice(6))
})

test('what the node talks to is read in the order of each version of nft', async () => {
  const text = `table inet spanwire {
	set talk4 {
		type ipv4_addr
		size 1024
		flags dynamic,timeout
		timeout 10m
		elements = { 10.77.0.4 counter packets 41 bytes 2460 expires 599s,
			     10.77.0.5 timeout 10m expires 600s counter packets 2 bytes 120 }
	}
}
`
  for (const shell of shellNames) {
    const { stdout } = await run([...shells[shell], '-c', `${functions}\ntalked <<'END'\n${text}END\n`])
    expect(stdout).toBe('10.77.0.4 41 2460\n10.77.0.5 2 120\n')
  }
})
