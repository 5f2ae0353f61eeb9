/**
 * Tokens of k3s, in their forms (docs.k3s.io/cli/token, pkg/clientaccess/token.go):
 *
 *   K10<64 hex>::server:<password>        the server token; joins servers, decrypts the datastore
 *   K10<64 hex>::node:<password>          the agent token
 *   K10<64 hex>::<id>.<secret>            a bootstrap token; joins agents, and expires
 *   <password> or <id>.<secret>           the same without the CA's hash: whoever sits in between could take the join
 *
 * Nothing here puts a token or a part of its secret into a message.
 */
import { invariant } from '../invariant.ts'
import { err, type Fault, ok, type Result } from '../result.ts'

export type K3sToken = {
  /** SHA-256 of the cluster's CA, see ca-hash.ts; null in the short form. */
  readonly caHash: string | null
} & (
  | { readonly form: 'password'; readonly user: string; readonly password: string }
  | { readonly form: 'bootstrap'; readonly id: string; readonly secret: string }
)

const HASH = /^[0-9a-f]{64}$/
const BOOTSTRAP = /^([a-z0-9]{6})\.([a-z0-9]{16})$/
/** No spaces or controls: a token stands alone in its file and in a header. */
const PRINTABLE = /^[\x21-\x7e]{1,400}$/

export function parseK3sToken(text: string): Result<K3sToken, Fault<'bad-token'>> {
  const bad = (why: string) => err({ kind: 'bad-token' as const, message: `this is not a token of k3s: ${why}` })
  if (!PRINTABLE.test(text)) return bad('it is empty, too long, or has spaces or other characters that no token has')
  if (!text.startsWith('K10')) return ok({ caHash: null, ...credentials(text, '') })
  const parts = /^K10([^:]*)::(.+)$/.exec(text)
  if (!parts?.[2]) return bad('after K10 come the hash of the CA, "::" and the credentials')
  const caHash = parts[1] ?? ''
  if (caHash !== '' && !HASH.test(caHash)) return bad('the hash of the CA has 64 characters, 0 to 9 and a to f')
  const colon = parts[2].indexOf(':')
  const found =
    colon === -1 ? credentials(parts[2], null) : credentials(parts[2].slice(colon + 1), parts[2].slice(0, colon))
  if (!found) return bad('its credentials are neither a user and a password nor an id and a secret')
  return ok({ caHash: caHash === '' ? null : caHash, ...found })
}

/** `user` is null when none was written; then only a bootstrap token may stand there. */
function credentials(text: string, user: string): Exclude<Credentials, null>
function credentials(text: string, user: string | null): Credentials
function credentials(text: string, user: string | null): Credentials {
  const [, id, secret] = user === null || user === '' ? (BOOTSTRAP.exec(text) ?? []) : []
  if (id !== undefined && secret !== undefined) return { form: 'bootstrap', id, secret }
  return user === null || text === '' ? null : { form: 'password', user, password: text }
}

type Credentials =
  | { form: 'bootstrap'; id: string; secret: string }
  | { form: 'password'; user: string; password: string }
  | null

export function formatK3sToken(token: K3sToken): string {
  const { caHash } = token
  const bare = token.form === 'bootstrap' ? `${token.id}.${token.secret}` : token.password
  if (caHash === null) return bare
  invariant(HASH.test(caHash), 'the hash of a CA is 64 hex digits')
  return `K10${caHash}::${token.form === 'bootstrap' ? bare : `${token.user}:${bare}`}`
}

/** What may be said of a token on a screen or in a log. */
export function describeK3sToken(token: K3sToken): string {
  const what =
    token.form === 'bootstrap'
      ? `bootstrap token ${token.id}`
      : token.user === 'server'
        ? 'server token'
        : token.user === ''
          ? 'password'
          : `token of ${token.user}`
  return `${what}, ${token.caHash === null ? 'without the hash of a CA' : `CA ${token.caHash.slice(0, 8)}…`}`
}

/** Why this token must not be given to a machine that joins; null when it may. */
export function tokenProblem(token: K3sToken, role: 'server' | 'agent', caHash: string | null): string | null {
  if (token.caHash === null)
    return 'the token has no hash of the CA: somebody between the machines could take the join; use the full form, K10…'
  if (caHash !== null && token.caHash !== caHash)
    return 'the token is for another cluster: its CA is not the one that the servers show'
  if (role === 'server' && token.form === 'bootstrap')
    return 'a bootstrap token joins agents only; a server needs the server token'
  if (role === 'agent' && token.form !== 'bootstrap')
    return 'an agent gets a token made for this one join, never the one of the servers'
  return null
}
