import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '@spanwire/lab/run'
import { shellNames, shells } from '@spanwire/lab/shells'
import { afterAll, describe, expect, test } from 'vitest'
import { functionsOnly, keysFile, keysText, scriptText } from './script-file.ts'

const directory = mkdtempSync(`${tmpdir()}/spanwire-keys-`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const OLD = `${'O'.repeat(42)}A=`
const NEXT = `${'N'.repeat(42)}A=`
const OTHER = `${'P'.repeat(42)}A=`
const functions = `${functionsOnly}\n${keysText.slice(0, -'main "$@"\n'.length)}`

test('the part for keys is at most 32 KiB, and its last line alone calls main', () => {
  expect(Buffer.byteLength(keysText)).toBeLessThanOrEqual(32_768)
  expect(keysText.match(/^[ \t]*main\b(?!\(\))/gm)).toEqual(['main'])
})

test('shellcheck has nothing to say about it as POSIX sh', async () => {
  expect(await run(['shellcheck', '-s', 'sh', keysFile])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('it defines no word of the core anew, since those of the core would hold', () => {
  const names = (text: string) => [...text.matchAll(/^([a-z_0-9]+)\(\) [{(]/gm)].map(([, name]) => name)
  const core = new Set(names(scriptText))
  expect(names(keysText).filter((name) => name !== 'main' && core.has(name))).toEqual([])
  for (const word of ['say', 'only', 'holder', 'alive', 'wake', 'run', 'scratch']) expect(core).toContain(word)
})

test('it never asks wg for a view that shows private keys', () => {
  expect(keysText).not.toMatch(/wg show(conf)?\b[^\n]*\b(dump|private-key|preshared-keys)\b|wg showconf/)
})

describe.each(shellNames)('in %s', (shell) => {
  test('it parses without a word', async () => {
    expect(await run([...shells[shell], '-n', keysFile])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('AllowedIPs go to another peer of a file, and nothing else in it changes', async () => {
    const file = `${directory}/peers-${shell.replace(/\W/g, '')}`
    const text = (from: string, to: string) => `[Peer]
PublicKey = ${NEXT}
${to}PersistentKeepalive = off

[Peer]
PublicKey = ${OLD}
${from}PersistentKeepalive = 25

[Peer]
PublicKey = ${OTHER}
AllowedIPs = 10.77.0.9/32
PersistentKeepalive = off
`
    const ips = 'AllowedIPs = 10.77.0.2/32, fd12::2/128\n'
    writeFileSync(file, text(ips, ''))
    const swap = (from: string, to: string) =>
      run([
        ...shells[shell],
        '-c',
        `${functions}\nswap '${from}' '${to}' ${file} >${file}.new && mv ${file}.new ${file}; cat ${file}`,
      ])
    expect((await swap(OLD, NEXT)).stdout).toBe(text('', ips))
    // Once more is nothing more, and it comes back as it was.
    expect((await swap(OLD, NEXT)).stdout).toBe(text('', ips))
    expect((await swap(NEXT, OLD)).stdout).toBe(text(ips, ''))
  })

  test.each([
    { it: 'the next key shakes hands', old: [100, 100], next: [0, 130], holds: OLD, to: NEXT },
    { it: 'the next key shook hands before anybody looked', old: [null, 100], next: [null, 130], holds: OLD, to: NEXT },
    { it: 'the old key shakes hands again', old: [100, 170], next: [130, 130], holds: NEXT, to: OLD },
    {
      it: 'the clock was set back and the next key shakes hands',
      old: [9000, 9000],
      next: [0, 130],
      holds: OLD,
      to: NEXT,
    },
    { it: 'only the old one ever did', old: [100, 130], next: [0, 0], holds: OLD, to: null },
    { it: 'nothing has changed', old: [100, 100], next: [130, 130], holds: NEXT, to: null },
  ])('AllowedIPs follow the last handshake: $it', async ({ old, next, holds, to }) => {
    const place = mkdtempSync(`${directory}/`)
    mkdirSync(`${place}/keys`)
    const was = old[0] === null ? '' : `span0 ${OLD} ${old[0]} ${NEXT} ${next[0]} ${holds}\n`
    writeFileSync(`${place}/keys/held`, was)
    writeFileSync(`${place}/keys/pairs`, `${OLD} ${NEXT} switch\n`)
    writeFileSync(`${place}/keys/has`, '')
    const owned = (key: string) => `span0\t${key}\t${holds === key ? '10.77.0.2/32 fd12::2/128' : '(none)'}\n`
    writeFileSync(`${place}/shook`, `span0\t${OLD}\t${old[1]}\nspan0\t${NEXT}\t${next[1]}\n`)
    writeFileSync(`${place}/owned`, owned(OLD) + owned(NEXT))
    const fake = `wg() { case "$*" in *handshakes) cat shook ;; *allowed-ips) [ $1 = set ] && echo "$*" || cat owned ;; *) echo "$*" ;; esac; }
      run() { "$@" >>moved; }
      S=. && cd ${place} && follow >/dev/null; cat moved 2>/dev/null`
    const { stdout, stderr } = await run([...shells[shell], '-c', `${functions}\n${fake}`])
    expect(stderr).toBe('')
    expect(stdout).toBe(to === null ? '' : `set span0 peer ${to} allowed-ips 10.77.0.2/32,fd12::2/128\n`)
  })
})
