/** Waits for what a test is about instead of for a time; the time given is only when to give up. */
export async function until(
  what: string,
  timeoutMs: number,
  is: () => boolean | Promise<boolean>,
  everyMs = 50,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await is())) {
    if (performance.now() > deadline) throw new Error(`it did not come to this within ${timeoutMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
