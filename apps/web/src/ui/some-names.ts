/** as many as are read in one line */
const NAMED = 6

/** "a, b and c"; of many the first few, and how many more. */
export function someNames(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(', ')
  return `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`
}
