export type Sort = { id: string; desc: boolean }
type Value = string | number | null | undefined

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * A sorted copy. What has no value goes last in either direction, and rows that are equal keep their order, so that a refetch
 * shuffles nothing. Values are taken once a row: 5,000 rows compare 60,000 times.
 */
export function sortRows<Row>(rows: readonly Row[], read: (row: Row) => Value, desc: boolean): Row[] {
  const sign = desc ? -1 : 1
  return rows
    .map((row) => ({ row, value: read(row) ?? null }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      return sign * compare(a.value, b.value)
    })
    .map(({ row }) => row)
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}
