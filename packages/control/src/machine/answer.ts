/**
 * What a door sends back to a node, without knowing HTTP servers. Each answer carries the protocol's header: without it a node takes
 * what it got for a proxy's page and changes nothing.
 */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export type NodeRequest = {
  /** The value of the Authorization header, as it came. */
  readonly authorization: string | null
  readonly body: string | Uint8Array
  /** Where it came from, trusted proxies taken off. */
  readonly address: string | null
}

const PROTOCOL = { 'Spanwire-Protocol': '1', 'Cache-Control': 'no-store' }

/** The closed list of docs/protocol.md. */
const STATUS = {
  malformed: 400,
  'bad-key': 400,
  'bad-name': 400,
  'too-far-ahead': 400,
  unknown: 401,
  'token-used': 403,
  'token-expired': 403,
  'token-revoked': 403,
  'key-in-use': 403,
  quarantined: 403,
  paused: 403,
  'name-taken': 409,
  'gateway-first': 409,
  'pool-exhausted': 409,
  removed: 410,
  'too-large': 413,
  protocol: 426,
  'slow-down': 429,
  unavailable: 503,
} as const

export type RefusalCode = keyof typeof STATUS

/** `sentence` names the fix. */
export function refuse(code: RefusalCode, sentence: string, headers: Record<string, string> = {}): Answer {
  const retry: Record<string, string> = code === 'unavailable' || code === 'slow-down' ? { 'Retry-After': '5' } : {}
  return {
    status: STATUS[code],
    headers: { ...PROTOCOL, 'Content-Type': 'text/plain; charset=utf-8', ...retry, ...headers },
    body: `error ${code}\n${sentence.replace(/\s+/g, ' ')}\n`,
  }
}

export const nothing: Answer = { status: 204, headers: PROTOCOL, body: '' }

export const bundle = (tar: Uint8Array): Answer => ({
  status: 200,
  headers: { ...PROTOCOL, 'Content-Type': 'application/x-tar' },
  body: tar,
})

/** What changed in the bundle that the node holds. */
export const delta = (text: string): Answer => ({
  status: 200,
  headers: { ...PROTOCOL, 'Content-Type': 'application/x-spanwire-delta' },
  body: text,
})

/** Ready to be printed. */
export const plain = (text: string): Answer => ({
  status: 200,
  headers: { ...PROTOCOL, 'Content-Type': 'text/plain; charset=utf-8' },
  body: text,
})

export const script = (text: string): Answer => ({
  status: 200,
  headers: { ...PROTOCOL, 'Content-Type': 'text/x-shellscript; charset=utf-8' },
  body: text,
})

/** Thrown inside of a transaction, so that it is rolled back; the door turns it into an answer. */
export class MachineRefusal extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode, sentence: string) {
    super(sentence)
    this.code = code
  }
}
