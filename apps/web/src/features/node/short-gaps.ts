/** Two reports in a row may be lost or late before a node counts as silent (mesh/health/reporting-status). */
const FRESH_SECONDS = 45

type Value = number | null

/**
 * A line is broken where nothing was measured, but not between two reports that lie a little further apart than the steps of the
 * chart. The plot draws through `undefined` and breaks at null.
 */
export function withoutShortGaps(values: readonly Value[], stepSeconds: number): (Value | undefined)[] {
  const drawn: (Value | undefined)[] = [...values]
  let gapFrom: number | null = null
  for (let index = 0; index < values.length; index++) {
    if (values[index] === null) {
      gapFrom ??= index
      continue
    }
    const isShort = gapFrom !== null && gapFrom > 0 && (index - gapFrom) * stepSeconds < FRESH_SECONDS
    if (isShort) drawn.fill(undefined, gapFrom ?? 0, index)
    gapFrom = null
  }
  return drawn
}

/** Values with nothing on either side: a line alone would not show them. */
export function lonely(values: readonly (Value | undefined)[]): number[] {
  return values.flatMap((value, index) => {
    const isDrawn = typeof value === 'number'
    return isDrawn && !reaches(values, index, -1) && !reaches(values, index, 1) ? [index] : []
  })
}

function reaches(values: readonly (Value | undefined)[], from: number, step: number): boolean {
  let index = from + step
  while (index >= 0 && index < values.length && values[index] === undefined) index += step
  return typeof values[index] === 'number'
}
