import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'

export type DemoOptions = {
  readonly nodes: number
  readonly sites: number
  readonly gateways: number
  readonly topology: 'hub' | 'sites' | 'mesh'
  readonly port: number
  readonly data: string
  readonly reset: boolean
  readonly incidents: boolean
}

export function demoOptions(args: readonly string[]): DemoOptions {
  const command = new Command('npm run demo --')
    .description('Starts Spanwire with a simulated fleet: machines of a program, everything else as it is.')
    .option('--nodes <count>', 'how many, with the gateways among them', count(2, 10_000), 200)
    .option('--sites <count>', 'at how many places (default: by the number of nodes)', count(1, 240))
    .option('--gateways <count>', 'how many of them are gateways (default: by the number of nodes)', count(1, 16))
    .addOption(
      new Option('--topology <name>', 'who is reached directly').choices(['hub', 'sites', 'mesh']).default('mesh'),
    )
    .option('--port <port>', 'TCP port on this machine', count(1, 65_535), 3000)
    .option('--data <directory>', 'where it keeps its data', 'data/demo')
    .option('--reset', 'throw the data of an earlier demo away first', false)
    .option('--no-incidents', 'nothing goes wrong')
    .showHelpAfterError()
  const given = command.parse(args, { from: 'user' }).opts()
  return {
    ...(given as Omit<DemoOptions, 'sites' | 'gateways'>),
    gateways: Math.min(given.nodes - 1, given.gateways ?? (given.nodes < 6 ? 1 : given.nodes < 100 ? 2 : 3)),
    sites: given.sites ?? Math.min(24, Math.max(3, Math.round(Math.sqrt(given.nodes)))),
    data: resolve(given.data),
  }
}

function count(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`)
  }
}
