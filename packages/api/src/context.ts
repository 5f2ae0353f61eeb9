/** What a request brings into the router. The server makes one for each; the verbs get `control` alone. */
import type { Context } from '@spanwire/control/context'

export type ApiContext = {
  readonly control: Context
  /** Takes what nobody expected; the person sees the correlation id alone. */
  readonly logError: (error: unknown, about: { correlationId: string; path: string }) => void
}
