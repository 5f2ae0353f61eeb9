/** The sentence of PostgreSQL's log that says why. */
export function lastWords(log: string): string {
  const lines = log.split('\n').filter(Boolean)
  const line = lines.findLast((one) => /FATAL|PANIC|error:/.test(one)) ?? lines.at(-1) ?? 'it said nothing'
  return `${line.replace(/^.*?(FATAL|PANIC|error):\s*/, '').trim()}.`
}
