import { runText, shellNames } from '@spanwire/lab/shells'
import { describe, expect, test } from 'vitest'
import { functionsOnly } from './script-file.ts'

const HIGHEST = 65_535

describe.each(shellNames)('the back-off in %s', (shell) => {
  /** What the script would sleep after each number of failures, at the given draw of 16 bits. */
  async function pauses(failures: number[], first: number, most: number, draw: number): Promise<number[]> {
    const asks = failures.map((count) => `backoff ${count} ${first} ${most} ${draw}`).join('\n')
    const ran = await runText(shell, `${functionsOnly}${asks}\n`)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    return ran.stdout.trim().split('\n').map(Number)
  }

  test('doubles from 1 s to 60 s when the server does not answer, and stays there for days', async () => {
    const longest = await pauses([1, 2, 3, 4, 5, 6, 7, 8, 100, 100_000], 1, 60, HIGHEST)
    expect(longest).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
  })

  test('doubles from 5 s to 15 min when the server does not know the node', async () => {
    expect(await pauses([1, 2, 3, 8, 9, 5000], 5, 900, HIGHEST)).toEqual([5, 10, 20, 640, 900, 900])
  })

  test('is never none, however low the draw', async () => {
    expect(await pauses([1, 5, 50], 1, 60, 0)).toEqual([1, 1, 1])
  })

  test('is drawn anew each time: machines that lost their server together do not come back together', async () => {
    const ran = await runText(shell, `${functionsOnly}for i in 1 2 3 4 5 6 7 8 9 10; do backoff 20 5 900; done\n`)
    const drawn = ran.stdout.trim().split('\n').map(Number)
    expect(drawn).toHaveLength(10)
    expect(new Set(drawn).size).toBeGreaterThan(5)
    expect(Math.max(...drawn)).toBeLessThanOrEqual(900)
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1)
  })
})
