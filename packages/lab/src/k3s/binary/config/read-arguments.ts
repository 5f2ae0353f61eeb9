import { paths } from '../paths.ts'
import { readConfigFiles } from './config-files.ts'
import type { Flag } from './flag-tables.ts'
import { Options } from './options.ts'

/** Throws with what k3s would print. */
export function readArguments(args: string[], flags: Record<string, Flag>): Options {
  const values = new Map<string, string[]>()
  const fromFiles = readConfigFiles(configFile(args))
  const unknown = fromFiles.filter((arg) => !find(flags, nameOf(arg)))
  // k3s itself only warns of these in a server's files. The lab is stricter: such a key is somebody's mistake.
  if (unknown.length > 0)
    throw new Error(unknown.map((arg) => `Unknown flag --${nameOf(arg)} found in config.yaml`).join('; '))
  for (let rest = [...fromFiles, ...args]; rest.length > 0; ) {
    const [arg = '', ...after] = rest
    rest = after
    if (!arg.startsWith('-')) throw new Error(`flag provided but not defined: ${arg}`)
    const found = find(flags, nameOf(arg))
    if (!found) throw new Error(`flag provided but not defined: -${nameOf(arg)}`)
    const [name, { kind }] = found
    const written = arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : kind === 'bool' ? 'true' : rest.shift()
    if (written === undefined) throw new Error(`flag needs an argument: -${name}`)
    const value = check(name, kind, written)
    values.set(name, kind === 'list' ? [...(values.get(name) ?? []), value] : [value])
  }
  for (const [name, { kind, env }] of Object.entries(flags)) {
    const value = env === undefined ? undefined : process.env[env]
    if (value !== undefined && value !== '' && !values.has(name)) values.set(name, [check(name, kind, value)])
  }
  return new Options(values, flags)
}

function configFile(args: string[]): string {
  const fromEnvironment = process.env.K3S_CONFIG_FILE
  if (fromEnvironment) return fromEnvironment
  const at = args.findIndex((arg) => /^(-c|--config)(=|$)/.test(arg))
  if (at < 0) return paths.configFile
  return args[at]?.includes('=') ? (args[at]?.replace(/^[^=]*=/, '') ?? '') : (args[at + 1] ?? '')
}

function find(flags: Record<string, Flag>, name: string): [string, Flag] | undefined {
  const direct = flags[name]
  if (direct) return [name, direct]
  return Object.entries(flags).find(([, { short }]) => short === name)
}

function nameOf(arg: string): string {
  return arg.replace(/^--?/, '').replace(/=.*/s, '')
}

function check(name: string, kind: Flag['kind'], value: string): string {
  if (kind === 'bool') {
    if (/^(1|t|T|true|TRUE|True)$/.test(value)) return 'true'
    if (/^(0|f|F|false|FALSE|False)$/.test(value)) return 'false'
    throw new Error(`invalid boolean value "${value}" for -${name}: parse error`)
  }
  if (kind === 'int' && !/^-?\d+$/.test(value))
    throw new Error(`invalid value "${value}" for flag -${name}: parse error`)
  return value
}
