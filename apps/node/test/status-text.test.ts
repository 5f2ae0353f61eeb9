import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '@spanwire/lab/run'
import { type Shell, shellNames, shells } from '@spanwire/lab/shells'
import { afterAll, describe, expect, test } from 'vitest'
import { functionsOnly, scriptText, statusFile, statusText } from './script-file.ts'

const directory = mkdtempSync(`${tmpdir()}/spanwire-status-`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const KEY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='

test('the part is small, shellcheck has nothing to say about it, and its last line calls main', async () => {
  expect(Buffer.byteLength(statusText)).toBeLessThanOrEqual(32_768)
  expect(await run(['shellcheck', '-s', 'sh', statusFile])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(statusText.match(/^[ \t]*main\b(?!\(\))/gm)).toEqual(['main'])
  expect(statusText.endsWith('\nmain "$@"\n')).toBe(true)
})

test('it never asks wg for the view that shows private keys', () => {
  expect(statusText).not.toMatch(/wg show(conf)?\b[^\n]*\b(dump|private-key|preshared-keys)\b|wg showconf/)
})

test('the core asks it for what stands under its own line', () => {
  expect(scriptText).toMatch(/^\tq sh \$X\/status\.sh show /m)
})

describe.each(shellNames)('in %s', (shell) => {
  test('of a node without further paths it tells the tunnels', async () => {
    const place = placeOf(shell)
    writeFileSync(`${place}/applied/names`, `${KEY} gw-1\n`)
    writeFileSync(`${place}/paths`, `span0 ${KEY} alive 100 900 12.5 30 1 850\n`)
    const { stdout, stderr } = await part(shell, place, 'show')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^ {2}span0 gw-1 alive for -?\d+ s, RTT 12\.5 ms\n$/)
  })

  test('asked to run, it has nothing to do for as long as the core lives', async () => {
    const place = placeOf(shell)
    expect(await part(shell, place, `run ${process.pid}`)).toMatchObject({ code: 0, stdout: '', stderr: '' })
    // That is the core's question of a part before it starts it.
    const alive = `${functionsOnly}\ncd ${place}\nholder status.sh`
    expect((await run([...shells[shell], '-c', alive])).stdout).toBe(`${process.pid}\n`)
    expect(readFileSync(`${place}/status.sh`, 'utf8')).toMatch(/^\d+ \d+\n$/)
  })

  test.each(['doctor', 'follow', 'leave'])('%s, which all parts are asked, is none of its business', async (verb) => {
    expect(await part(shell, placeOf(shell), verb)).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

function placeOf(shell: Shell): string {
  const place = mkdtempSync(`${directory}/${shell.replaceAll(/\W/g, '')}-`)
  mkdirSync(`${place}/applied`)
  return place
}

/** With a directory of its own for the core's. */
function part(shell: Shell, place: string, words: string) {
  writeFileSync(`${place}/part`, statusText.replace('cd /run/spanwire', `cd ${place}`))
  return run([...shells[shell], `${place}/part`, ...words.split(' ')])
}
