/** What the server says to its operator: sentences while it starts and stops, one line for each error. Never a secret. */
export type Log = {
  say(line: string): void
  error(error: unknown, about?: Record<string, string>): void
}

export function makeLog(level: 'info' | 'warn' | 'silent'): Log {
  return {
    say(line) {
      if (level === 'info') console.log(line)
    },
    error(error, about = {}) {
      if (level === 'silent') return
      const details = Object.entries(about).map(([name, value]) => `${name}=${oneLine(value)}`)
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
      console.error([new Date().toISOString(), 'error', ...details, withoutPasswords(stack)].join(' '))
    },
  }
}

/** What strangers send could otherwise write lines of its own. */
const oneLine = (text: string) => JSON.stringify(text.slice(0, 200))

/** Drivers quote the address that they could not reach. */
export const withoutPasswords = (text: string) => text.replace(/(\w+:\/\/[^:@/\s]*):[^@/\s]*@/g, '$1:…@')
