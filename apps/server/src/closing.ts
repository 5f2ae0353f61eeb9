export type Closing = {
  /** Runs when the server ends, before all that were added earlier. */
  add(name: string, close: () => Promise<unknown> | unknown): void
  close(): Promise<void>
}

/** What was started is closed in reverse order. One that fails does not keep the others from closing. */
export function closing(onError: (error: unknown, name: string) => void): Closing {
  const opened: { name: string; close: () => Promise<unknown> | unknown }[] = []
  let closed: Promise<void> | undefined
  const closeAll = async () => {
    for (;;) {
      const last = opened.pop()
      if (!last) return
      try {
        await last.close()
      } catch (error) {
        onError(error, last.name)
      }
    }
  }
  return {
    add: (name, close) => void opened.push({ name, close }),
    close: () => {
      closed ??= closeAll()
      return closed
    },
  }
}
