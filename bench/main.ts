/** `npm run bench`: numbers to the standard output as they come, what is being done to the standard error. */
import { CommanderError } from 'commander'
import { parseArguments } from './arguments.ts'
import { benchmarks } from './benchmarks.ts'
import { jsonLine, tableHead, tableLine } from './measurement.ts'
import { openStage } from './stage.ts'

async function main(): Promise<void> {
  const { names, json } = parseArguments(process.argv.slice(2), Object.keys(benchmarks))
  const stage = openStage((line) => process.stderr.write(`${line}\n`))
  process.once('SIGINT', () => void stage.close().finally(() => process.exit(130)))
  try {
    if (!json) console.log(tableHead)
    for (const name of names) {
      const benchmark = benchmarks[name]
      if (!benchmark) continue
      const measurement = await benchmark.run(stage)
      console.log(json ? jsonLine(name, measurement) : tableLine(name, measurement, benchmark.explanation))
    }
  } finally {
    await stage.close()
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    // Commander has said it already, but for the names, which it does not know.
    if (!(error instanceof CommanderError)) console.error(error)
    else if (error.code === 'bench.unknown') console.error(error.message)
    process.exit(error instanceof CommanderError ? error.exitCode : 1)
  },
)
