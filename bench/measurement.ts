/** What a benchmark found, and what the bare program needs for the same, in the same unit. */
export type Measurement = { readonly value: number; readonly unit: string; readonly reference: number }

/** A line of `--json`. The ratio is always value / reference: below 1 is better for what costs, above 1 for what is done a second. */
export function jsonLine(name: string, { value, unit, reference }: Measurement): string {
  return JSON.stringify({
    name,
    value: rounded(value),
    unit,
    reference: rounded(reference),
    ratio: rounded(value / reference),
  })
}

export function tableLine(name: string, { value, unit, reference }: Measurement, explanation: string): string {
  const numbers = [value, reference].map((number) => shown(number).padStart(10))
  const cells = [name.padEnd(NAME), numbers[0], unit.padEnd(UNIT), numbers[1], shown(value / reference).padStart(7)]
  return `${cells.join('  ')}  ${explanation}`
}

export const tableHead = [
  ...['name'.padEnd(20), 'value'.padStart(10), 'unit'.padEnd(14), 'reference'.padStart(10), 'ratio'.padStart(7)],
  'what it is (ratio = value / reference)',
].join('  ')

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2
}

const NAME = 20
const UNIT = 14

/** Three digits are more than a busy machine repeats. */
const rounded = (number: number): number => Number(number.toPrecision(4))
const shown = (number: number): string => String(Number(number.toPrecision(3)))
