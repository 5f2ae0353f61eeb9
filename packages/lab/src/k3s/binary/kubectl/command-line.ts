/** Flags that take no value; all others do, as `--name=value` or `--name value`. */
const SWITCHES = new Set([
  ...['all-namespaces', 'no-headers', 'ignore-not-found', 'overwrite', 'force', 'all', 'client', 'raw-config', 'rm'],
  ...['ignore-daemonsets', 'delete-emptydir-data', 'disable-eviction', 'stdin', 'tty', 'server-side', 'now', 'quiet'],
  ...['show-labels', 'force-conflicts', 'expose', 'minify', 'flatten', 'watch', 'attach', 'recursive', 'short'],
])
const SHORT: Record<string, string> = {
  n: 'namespace',
  o: 'output',
  A: 'all-namespaces',
  l: 'selector',
  f: 'filename',
  p: 'patch',
  i: 'stdin',
  t: 'tty',
  q: 'quiet',
  s: 'server',
  w: 'watch',
  c: 'container',
}

export type CommandLine = {
  words: string[]
  /** Behind `--`. */
  rest: string[]
  value: (name: string) => string | undefined
  has: (name: string) => boolean
  with: (name: string, value: string) => CommandLine
}

export function readCommandLine(argv: string[]): CommandLine {
  const words: string[] = []
  const flags = new Map<string, string>()
  const end = argv.indexOf('--')
  const rest = end < 0 ? [] : argv.slice(end + 1)
  const args = end < 0 ? [...argv] : argv.slice(0, end)
  const isConfigRaw = args[0] === 'config'
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const [, name, value] = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(arg) ?? []
    const [, letter, joined] = name === undefined ? (/^-([a-zA-Z])=?(.*)$/s.exec(arg) ?? []) : []
    if (arg === '-it' || arg === '-ti') {
      flags.set('stdin', 'true')
    } else if (name !== undefined) {
      const isSwitch = SWITCHES.has(name) || (isConfigRaw && name === 'raw')
      flags.set(name, value ?? (isSwitch ? 'true' : (args.shift() ?? '')))
    } else if (letter !== undefined && SHORT[letter] !== undefined && arg !== '-') {
      const long = SHORT[letter]
      flags.set(long, SWITCHES.has(long) ? 'true' : joined || (args.shift() ?? ''))
    } else words.push(arg)
  }
  return commandLine(words, rest, flags)
}

function commandLine(words: string[], rest: string[], flags: Map<string, string>): CommandLine {
  return {
    words,
    rest,
    value: (name) => flags.get(name),
    has: (name) => flags.has(name) && flags.get(name) !== 'false',
    with: (name, value) => commandLine(words, rest, new Map([...flags, [name, value]])),
  }
}
