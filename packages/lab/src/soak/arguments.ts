/** What was asked for: `npm run soak -- --seed N --minutes M`. */
import { Command, InvalidArgumentError } from 'commander'

export type Arguments = { readonly seed: number; readonly minutes: number }

/** Without a seed it is `seed`: another one each time, and printed, so that a run that failed can be run again. */
export function parseArguments(args: readonly string[], seed: number): Arguments {
  const command = new Command('npm run soak --')
    .description('Three sites of three machines, cut at random for some minutes: all that can reach each other do.')
    .option('--seed <number>', 'the cuts and their order', whole, seed)
    .option('--minutes <number>', 'for how long new cuts are begun', positive, 10)
    .showHelpAfterError()
    .exitOverride()
  command.parse(args, { from: 'user' })
  return command.opts<Arguments>()
}

function whole(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}

function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0 && number <= 10_000)) throw new InvalidArgumentError('It is a number above 0.')
  return number
}
