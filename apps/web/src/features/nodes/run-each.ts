export type Outcome = { done: string[]; failed: { id: string; error: unknown }[] }

/** Does one thing to each, a few at a time; one that fails does not stop the others. */
export async function runEach(
  ids: readonly string[],
  act: (id: string) => Promise<unknown>,
  atOnce = 4,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [] }
  const waiting = [...ids]
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await act(id)
        outcome.done.push(id)
      } catch (error) {
        outcome.failed.push({ id, error })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, worker))
  return outcome
}
