/** Times leave control as text: JSON has no dates, and every door answers the same. */
export function iso(time: Date | number): string
export function iso(time: Date | number | null): string | null
export function iso(time: Date | number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
