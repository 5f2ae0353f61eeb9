import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '@spanwire/lab/run'
import { type Shell, shellNames, shells } from '@spanwire/lab/shells'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessText, deltaText, partText, scriptText, statusText } from './script-file.ts'

/**
 * A shell runs what it reads command by command, so a script cut inside its n-th command does what the commands before do
 * and then what is left of the n-th. Each cut is tried in a shell that has run the whole ones, which spares reading 32 KiB for
 * each of 32,768 cuts, in a copy of it where more may be left than the beginning of a function. bash does not bear thousands of
 * syntax errors and is always copied, so there only the first 30 characters of a command are cut at each, later every 64th.
 * Every program of this machine is replaced by one that writes down that it was called.
 */
const cutEverywhere = `
commands=$1 record=$2 bash=$4
cd "$3" || exit 1
shift 4
for command in "$commands"/*; do
  text=
  while IFS= read -r line; do text="$text$line
"; done < "$command"
  whole=$text kind=\${command##*.} opening=
  [ $kind != grouped ] || opening='{
'
  # Without nothing but the end of its line the call is the whole script.
  [ $kind != call ] || text=\${text%?}
  while text=\${text%?} && [ "$text" ]; do
    case $bash$kind in
      grouped | function)
        command eval "$opening$text"
        # The cuts that only lack a comment or the end of a line are whole.
        unset -f "\${whole%%(*}" ;;
      *)
        [ "$bash" ] && [ \${#text} -gt 30 ] && [ $((\${#text} % 64)) != 0 ] || ( eval "$opening$text" ) ;;
    esac
  done < /dev/null > /dev/null 2>&1
  if [ $kind = call ]; then
    echo cut-everywhere >> "$record"
    ( eval "$whole" ) < /dev/null > /dev/null 2>&1
  else
    eval "$whole"
  fi
done
exit 0
`

const CALLED = `#!/bin/sh
echo "\${0##*/} $*" >> "$RECORD"
echo 1
`

const scripts = [
  { name: 'the script', text: scriptText, args: ['--token', `swj_${'x'.repeat(43)}`] },
  { name: 'its part for k3s', text: partText, args: ['doctor'] },
  { name: 'its part for access', text: accessText, args: ['follow'] },
  { name: 'its part for deltas', text: deltaText, args: ['peers'] },
  { name: 'its part for status', text: statusText, args: ['show'] },
]
type Script = (typeof scripts)[number]

let directory: string

beforeAll(() => {
  directory = mkdtempSync(`${tmpdir()}/spanwire-cut-`)
  for (const part of ['programs', 'empty', 'run']) mkdirSync(`${directory}/${part}`)
  for (const script of scripts) {
    mkdirSync(commandsIn(script))
    // The parts begin in the core's working directory, which a machine without a node does not have.
    const text = script.text.replaceAll('cd /run/spanwire', `cd ${directory}/run`)
    for (const [index, { text: command, kind }] of commandsOf(text).entries()) {
      writeFileSync(`${commandsIn(script)}/${String(index).padStart(4, '0')}.${kind}`, command)
    }
  }
  // `id -u` is 1: the whole script asks that, is refused, and ends.
  writeFileSync(`${directory}/called`, CALLED, { mode: 0o755 })
  for (const path of ['/bin', '/sbin', '/usr/bin', '/usr/sbin']) {
    for (const program of readdirSync(path)) link(program)
  }
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe.each(shellNames)('%s', (shell) => {
  test.each(scripts)(
    '$name cut short at any byte runs no program and makes no file; whole, it does',
    async (script) => {
      const { before, after } = await cut(shell, script)
      expect(before).toEqual([])
      expect(after).not.toEqual([])
    },
  )
})

const commandsIn = ({ args }: Script): string => `${directory}/commands-${args[0]}`

async function cut(shell: Shell, script: Script): Promise<{ before: string[]; after: string[] }> {
  const record = `${directory}/record-${shell.replaceAll(' ', '-')}-${script.args[0]}`
  writeFileSync(record, '')
  const [program = '', ...rest] = shells[shell]
  const found = (await run(['sh', '-c', 'command -v "$0"', program])).stdout.trim()
  // Without SHLVL bash takes the socket that is its input for a remote login, and reads ~/.bashrc.
  const env = { PATH: `${directory}/programs`, LC_ALL: 'C', SHLVL: '2', RECORD: record }
  const argv = [found, ...rest, '-c', cutEverywhere, 'sh', commandsIn(script), record, `${directory}/empty`]
  argv.push(shell === 'bash --posix' ? 'bash' : '')
  const ran = await run([...argv, ...script.args], { env, timeoutMs: 110_000 })
  expect(ran).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(readdirSync(`${directory}/empty`)).toEqual([])
  const [before = '', after = ''] = readFileSync(record, 'utf8').split('cut-everywhere\n')
  return { before: before.split('\n').filter(Boolean), after: after.split('\n').filter(Boolean) }
}

type Command = { text: string; kind: 'function' | 'grouped' | 'line' | 'call' }

/**
 * The top level of the script: functions from `name() {` to `}` in column 0, single lines, and what stands in a group between
 * a line `{` and a line `}`. What is whole in a group reads the same in any other, so each of its commands is cut in one of its own.
 */
function commandsOf(text: string): Command[] {
  const commands: Command[] = []
  let grouped = false
  let open = false
  for (const line of text.split(/(?<=\n)/)) {
    const last = commands.at(-1)
    if (open && last) last.text += line
    else if (GROUP.test(line) || line === '}\n') grouped = GROUP.test(line)
    else commands.push({ text: line, kind: grouped ? 'grouped' : kindOf(line) })
    if (!open && HEAD.test(line)) open = !isWhole(line)
    else if (line === '}\n') open = false
  }
  const lines = commands.map((command) => command.text).join('')
  expect(lines === text || lines === text.replace(/^\{(?: #.*)?\n([\s\S]*)^\}\n/m, '$1')).toBe(true)
  return commands
}

const GROUP = /^\{( #.*)?\n$/
const HEAD = /^[a-z_0-9]+\(\) \{/

function kindOf(line: string): Command['kind'] {
  if (HEAD.test(line)) return 'function'
  return line.startsWith('main') ? 'call' : 'line'
}

function isWhole(line: string): boolean {
  return spawnSync('dash', ['-n'], { input: line }).status === 0
}

function link(program: string): void {
  try {
    symlinkSync(`${directory}/called`, `${directory}/programs/${program}`)
  } catch (error) {
    // The same name in another directory of the path.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
