let turn: Promise<unknown> = Promise.resolve()

/** What asks for ranges and takes them goes one after the other in this process: two that ask at once are proposed the same. */
export function chooseRange<Made>(choose: () => Promise<Made>): Promise<Made> {
  const made = turn.then(choose)
  turn = made.catch(() => {})
  return made
}
