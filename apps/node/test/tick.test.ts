import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '@spanwire/lab/run'
import { type Shell, shellNames, shells } from '@spanwire/lab/shells'
import { afterAll, describe, expect, test } from 'vitest'
import { functionsOnly } from './script-file.ts'

/** One tick of the core's own path loop, without a machine: what it finds goes in, whom it pings comes out. */
const directory = mkdtempSync(`${tmpdir()}/spanwire-tick-`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const KEY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='

class Loop {
  readonly #place = mkdtempSync(`${directory}/`)
  readonly #shell: Shell
  #received = 0
  #turns = 0

  constructor(shell: Shell) {
    this.#shell = shell
    for (const name of ['applied', 'tick']) mkdirSync(`${this.#place}/${name}`)
    this.#write('applied/interfaces', 'span0 51820 1420')
    this.#write('applied/names', `${KEY} gw-1`)
    this.#write('applied/probes', `span0 ${KEY} fd12::1 10.77.0.1`)
    this.#write('applied/stands', 'span0 10.77.0.2')
    for (const name of ['paths', 'tick/pong']) this.#write(name, '')
  }

  /** `hears`: its packets arrive. `answers`: so do its answers to the pings of the tick before. */
  async tick(now: number, { hears = false, answers = false } = {}): Promise<{ state: string; pings: boolean }> {
    if (hears || answers) this.#received += 100
    this.#write('moved', `span0\t${KEY}\t${this.#received}\t1`)
    this.#write('shook', `span0\t${KEY}\t0`)
    this.#write('tick/pong', answers ? `span0 ${KEY} 1.5` : '')
    const { stderr } = await run([
      ...[...shells[this.#shell], '-c'],
      `${functionsOnly}
cd ${this.#place}
wg() { if [ $3 = transfer ]; then cat moved; else cat shook; fi; }
now() { echo ${now}; }
standing() { cat applied/stands; }
has_v6() { false; }
ask() { :; }
mend() { :; }
wake() { :; }
PINGS='' MENDER='' TURNS=${this.#turns++} V6=''
tick`,
    ])
    expect(stderr).toBe('')
    const read = (name: string) => readFileSync(`${this.#place}/${name}`, 'utf8')
    return { state: read('paths').split(' ')[2] ?? '', pings: /^ping /m.test(read('tick/orders')) }
  }

  #write(name: string, line: string): void {
    writeFileSync(`${this.#place}/${name}`, line === '' ? '' : `${line}\n`)
  }
}

describe.each(shellNames)('in %s', (shell) => {
  test('who is heard and answers is pinged each 9 s, who is silent at each tick', async () => {
    const loop = new Loop(shell)
    await loop.tick(100)
    expect(await loop.tick(103, { answers: true })).toEqual({ state: 'alive', pings: false })
    expect(await loop.tick(109, { hears: true })).toEqual({ state: 'alive', pings: false })
    expect(await loop.tick(112, { hears: true })).toEqual({ state: 'alive', pings: true })
    await loop.tick(115, { answers: true })
    for (const now of [118, 121]) expect(await loop.tick(now)).toEqual({ state: 'alive', pings: true })
    expect(await loop.tick(124)).toEqual({ state: 'dead', pings: true })
  })

  test('who is heard and answers no more is dead within 27 s: packets only come, or only go', async () => {
    const loop = new Loop(shell)
    await loop.tick(100)
    await loop.tick(103, { answers: true })
    for (let now = 106; now < 127; now += 3)
      expect(await loop.tick(now, { hears: true })).toEqual({ state: 'alive', pings: now >= 112 })
    expect(await loop.tick(127, { hears: true })).toMatchObject({ state: 'dead' })
  })

  test('a dead one that is heard again is asked at once, and lives with its answer', async () => {
    const loop = new Loop(shell)
    await loop.tick(100)
    await loop.tick(103, { answers: true })
    for (let now = 106; now <= 121; now += 3) await loop.tick(now)
    // More than five pings were lost, so that it is heard is not enough, though it answered 21 s ago.
    expect(await loop.tick(124, { hears: true })).toEqual({ state: 'dead', pings: true })
    expect(await loop.tick(127, { answers: true })).toEqual({ state: 'alive', pings: false })
  })
})
