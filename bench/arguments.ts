/** What was asked for: `npm run bench`, `npm run bench -- NAME...`, `-- --json`. */
import { Command, CommanderError } from 'commander'

export type Arguments = { readonly names: readonly string[]; readonly json: boolean }

/** Everything is run when nothing is named. A wrong name is an error that lists the right ones. */
export function parseArguments(args: readonly string[], known: readonly string[]): Arguments {
  const command = new Command('npm run bench --')
    .description(`Measures Spanwire beside a bare program that does the same work: ${known.join(', ')}.`)
    .argument('[names...]', 'what to measure (default: all)')
    .option('--json', 'one JSON object a line: {"name","value","unit","reference","ratio"}', false)
    .showHelpAfterError()
    .exitOverride()
  command.parse(args, { from: 'user' })
  const names = [...new Set(command.args)]
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new CommanderError(
      2,
      'bench.unknown',
      `There is no benchmark ${unknown.join(', ')}. The benchmarks are: ${known.join(' ')}`,
    )
  return { names: names.length > 0 ? names : known, json: command.opts<{ json: boolean }>().json }
}
