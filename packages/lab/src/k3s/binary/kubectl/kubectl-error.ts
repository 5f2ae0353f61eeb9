/** What kubectl prints to standard error, whole, and ends with. */
export class KubectlError extends Error {
  readonly code: number
  constructor(message: string, code = 1) {
    super(message)
    this.code = code
  }
}
