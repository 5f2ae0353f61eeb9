import { run } from '@spanwire/lab/run'
import { shellNames, shells } from '@spanwire/lab/shells'
import { expect, test } from 'vitest'
import { scriptFile, scriptText } from './script-file.ts'

test('the script is at most 32 KiB', () => {
  expect(Buffer.byteLength(scriptText)).toBeLessThanOrEqual(32_768)
})

test('its last line calls main, and nothing else does', () => {
  expect(scriptText.endsWith('\nmain "$@"\n')).toBe(true)
  expect(scriptText.match(/^[ \t]*main\b(?!\(\))/gm)).toEqual(['main'])
})

test('it has the two lines that the server writes its address and pin into', () => {
  expect(scriptText.match(/^SERVER_(URL|PIN)=.*$/gm)).toEqual(["SERVER_URL=''", "SERVER_PIN=''"])
})

test.each(shellNames)('%s parses it without a word', async (shell) => {
  expect(await run([...shells[shell], '-n', scriptFile])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('shellcheck has nothing to say about it as POSIX sh', async () => {
  expect(await run(['shellcheck', '-s', 'sh', scriptFile])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('it never asks wg for the view that shows private keys', () => {
  expect(scriptText).not.toMatch(/wg show(conf)?\b[^\n]*\b(dump|private-key|preshared-keys)\b|wg showconf/)
})
