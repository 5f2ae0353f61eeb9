/**
 * At most `width` at a time, the others in the order they came. Enrolments of a network wait for each other's lock anyway; here they
 * wait without holding connections that reports and the console need.
 */
export function takeTurns(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= width) await new Promise<void>((resolve) => queue.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}
