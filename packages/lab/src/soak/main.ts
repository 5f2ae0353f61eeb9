/**
 * `npm run soak`: a network on real machines, cut at random for some minutes.
 *
 *   cut ── 25 s of quiet ── they agree within 90 s ── heal ── 10 s of quiet ── they agree within 120 s ── cut …
 *
 * A dead tunnel is noticed after 9 s, and all have left it 20 s later at the latest. A machine that comes back needs to boot, to be well for
 * 30 s before its way is gone back to, and to report; one that was out of reach of the server asks it again after a minute at most.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommanderError } from 'commander'
import { seeded } from '../fleet/seeded.ts'
import { parseArguments } from './arguments.ts'
import { type Cut, chooseCuts } from './choose-cuts.ts'
import { disagreements } from './disagreements.ts'
import { type SoakNet, soakNet } from './soak-net.ts'

const [QUIET_MS, HEALED_QUIET_MS] = [25_000, 10_000]
const [CUT_AGREE_MS, HEALED_AGREE_MS] = [90_000, 120_000]

async function main(): Promise<void> {
  const { seed, minutes } = parseArguments(process.argv.slice(2), randomInt(2 ** 31))
  console.log(`seed ${seed}, ${minutes} min: npm run soak -- --seed ${seed} --minutes ${minutes}`)
  const soak = await soakNet()
  try {
    // Who talks across sites has a direct path that can be cut.
    soak.net.host('n1').spawn(['ping', '-n', '-q', '-i', '0.2', soak.net.address('s1')])
    await agree(soak, [], 120_000)
    console.log('all reach each other')
    const random = seeded('soak', seed)
    const end = Date.now() + minutes * 60_000
    let hits = 0
    for (let round = 1; Date.now() < end; round++) {
      const cuts = chooseCuts(soak, random)
      console.log(`${round}: ${cuts.map(({ text }) => text).join('; ')}`)
      hits += await roundOf(soak, cuts)
    }
    if (hits === 0) throw new Error('Nothing was cut, so nothing is shown. Give it more minutes.')
    console.log(`${hits} cuts, and after each all that could reach each other did`)
  } finally {
    await soak.net[Symbol.asyncDispose]()
  }
}

/** How many of the cuts were in anybody's way. */
async function roundOf(soak: SoakNet, cuts: readonly Cut[]): Promise<number> {
  for (const cut of cuts) await cut.make()
  await sleep(QUIET_MS)
  const cutMs = await agree(soak, cuts, CUT_AGREE_MS)
  const hit = await Promise.all(cuts.map((cut) => cut.hit()))
  for (const cut of cuts) await cut.heal()
  await sleep(HEALED_QUIET_MS)
  const healedMs = await agree(soak, [], HEALED_AGREE_MS)
  const seconds = (quiet: number, ms: number) => `${Math.round((quiet + ms) / 1000)} s`
  console.log(
    `   agreed ${seconds(QUIET_MS, cutMs)} after, and ${seconds(HEALED_QUIET_MS, healedMs)} after it was healed`,
  )
  return hit.filter(Boolean).length
}

/** Waits until machines, server and lab agree, and tells how long that took. */
async function agree({ net }: SoakNet, cuts: readonly Cut[], timeoutMs: number): Promise<number> {
  const begun = Date.now()
  for (;;) {
    const said = await disagreements(net, cuts)
    if (said.length === 0) return Date.now() - begun
    if (Date.now() - begun > timeoutMs)
      throw new Error(`${timeoutMs / 1000} s later they do not agree:\n  ${said.join('\n  ')}`)
    await sleep(2_000)
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    // Commander has said it already.
    if (!(error instanceof CommanderError)) console.error(error)
    process.exit(error instanceof CommanderError ? error.exitCode : 1)
  },
)
