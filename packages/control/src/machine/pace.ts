/**
 * Work for a key: at once when it was quiet, together in a storm. Between two rounds at least three times as long passes as the
 * last one took, so that a thousand machines that join do not plan the process to a standstill.
 */
const LEAST_MS = 50

export type Pace = { now(key: string): void; close(): void }

export function createPace(work: (key: string) => void): Pace {
  const nextAt = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()

  function run(key: string): void {
    timers.delete(key)
    const start = performance.now()
    work(key)
    const end = performance.now()
    nextAt.set(key, end + Math.max(LEAST_MS, 3 * (end - start)))
  }

  return {
    now(key) {
      if (timers.has(key)) return
      const wait = (nextAt.get(key) ?? 0) - performance.now()
      if (wait <= 0) run(key)
      else timers.set(key, setTimeout(run, wait, key))
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
