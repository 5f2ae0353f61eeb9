/** The server cannot start or go on, for a reason that the operator can mend: one sentence with the fix, exit code 1, no stack. */
export class Stop extends Error {
  override readonly name = 'Stop'
}
