import type { Db } from './db.ts'
import type { Hints } from './hints.ts'
import type { Limits } from './limits.ts'
import type { Seal } from './secrets.ts'

export type Role = 'viewer' | 'operator' | 'admin' | 'owner'

/** Who asks. Doors make it from a session, a key or a credential, read afresh at each request. */
export type Actor =
  | {
      readonly kind: 'person'
      readonly userId: string
      /** e-mail, as the activity log shows it */
      readonly name: string
      readonly organizationId: string
      readonly role: Role
    }
  | {
      readonly kind: 'api-key'
      readonly id: string
      readonly name: string
      readonly organizationId: string
      readonly role: Role
    }
  | {
      readonly kind: 'node'
      readonly nodeId: string
      readonly name: string
      readonly networkId: string
      readonly organizationId: string
    }
  /** the server itself and its administrator's command line; may do everything within the organization it names */
  | { readonly kind: 'system'; readonly name: string; readonly organizationId?: string }
  | { readonly kind: 'nobody' }

/** What one process makes once. */
export type Services = {
  readonly db: Db
  readonly now: () => Date
  readonly random: (bytes: number) => Uint8Array
  readonly seal: Seal
  readonly hints: Hints
  readonly limits: Limits
  readonly server: Server
}

/** What verbs have to know of the machine they run on. */
export type Server = {
  /** where nodes reach it, without a slash at the end */
  readonly url: string
  /** `sha256//…` of its key when its certificate is self-signed */
  readonly pin: string | null
  /** ranges of its own interfaces, which an overlay must not meet; read at each use, since they change */
  readonly prefixes: () => readonly string[]
}

export type Context = Services & {
  readonly actor: Actor
  /** where the request came from */
  readonly address: string | null
}
