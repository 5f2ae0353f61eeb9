import { describe, expect, test } from 'vitest'
import { pipeScript, runText, shellNames } from './shells.ts'

describe.each(shellNames)('%s', (shell) => {
  test('gets its arguments and keeps its standard input', async () => {
    const ran = await runText(shell, 'read -r line; echo "$1 $line"; exit 3', ['one'], { stdin: 'two\n' })
    expect(ran).toEqual({ code: 3, stdout: 'one two\n', stderr: '' })
  })

  test('takes a script from a pipe', async () => {
    const ran = await pipeScript(shell, 'main() { echo "$# $2"; }\nmain "$@"\n', ['--token', 'swj_x'])
    expect(ran).toEqual({ code: 0, stdout: '2 swj_x\n', stderr: '' })
  })

  test('is no bash in disguise: an array is an error, unless it is bash itself', async () => {
    const { code } = await runText(shell, 'a=(1 2); echo "$a"')
    expect(code === 0).toBe(shell === 'bash --posix')
  })
})

test('an endless script is killed, and what it said is kept', async () => {
  const ran = runText('dash', 'echo begun; while :; do sleep 1; done', [], { timeoutMs: 300 })
  await expect(ran).rejects.toMatchObject({ name: 'TimedOut', ran: { stdout: 'begun\n' } })
})
