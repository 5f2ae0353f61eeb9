/**
 * What a node can be asked to do once. A closed list: the script refuses everything else, and each argument has a grammar that no
 * name of a person can leave. Its answer comes by `POST /node/v1/answer`.
 */
import { invariant } from '../invariant.ts'

export type RequestRule = {
  /** For people, after the name of the machine: "waiting for server-1 to …". */
  readonly what: string
  readonly args: readonly RegExp[]
  /** What may follow them, each. */
  readonly more?: RegExp
  /** How long the node may take. */
  readonly timeoutSeconds: number
}

const KUBERNETES_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const SECONDS = /^[1-9][0-9]{0,4}$/
const WORD = /^[A-Za-z0-9._:=-]{1,128}$/
/** Of a label or taint, as kubectl takes it; the script knows the two apart by the colon. */
const PLACEMENT =
  /^[A-Za-z0-9][A-Za-z0-9./_-]*(=[A-Za-z0-9._-]*|-|(=[A-Za-z0-9._-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)-?)$/
/** The grammar of `requests` in the script. */
const MOST_CHARACTERS = 255

export const REQUESTS = {
  'k3s-read-server': { what: 'tell the token and the certificate of its cluster', args: [], timeoutSeconds: 60 },
  'k3s-mint-token': { what: 'mint a join token', args: [KUBERNETES_NAME, SECONDS], timeoutSeconds: 60 },
  'k3s-sign': { what: 'sign a client certificate', args: [WORD, SECONDS], timeoutSeconds: 60 },
  'k3s-label': {
    what: 'set the labels and taints of the node',
    args: [KUBERNETES_NAME],
    more: PLACEMENT,
    timeoutSeconds: 60,
  },
  'k3s-cordon': { what: 'keep new pods away from the node', args: [KUBERNETES_NAME], timeoutSeconds: 60 },
  'k3s-drain': { what: 'move the pods of the node elsewhere', args: [KUBERNETES_NAME, SECONDS], timeoutSeconds: 900 },
  'k3s-delete-node': { what: 'delete the Kubernetes node', args: [KUBERNETES_NAME], timeoutSeconds: 60 },
  'k3s-forget-password': { what: "delete the node's password", args: [KUBERNETES_NAME], timeoutSeconds: 60 },
  'k3s-uninstall': { what: 'take k3s off the machine', args: [], timeoutSeconds: 300 },
  'k3s-restart': { what: 'start k3s anew', args: [], timeoutSeconds: 300 },
} as const satisfies Record<string, RequestRule>

export type RequestKind = keyof typeof REQUESTS

export const isRequestKind = (kind: string): kind is RequestKind => Object.hasOwn(REQUESTS, kind)

export type OpenRequest = {
  /** uuid */
  readonly id: string
  readonly kind: RequestKind
  readonly timeoutSeconds: number
  readonly args: readonly string[]
}

/** A line of the file `requests`. What does not fit its grammar is a bug of ours and throws, before anything is sent. */
export function renderRequest({ id, kind, timeoutSeconds, args }: OpenRequest): string {
  const rule: RequestRule = REQUESTS[kind]
  invariant(/^[0-9a-f-]{36}$/.test(id), 'a request has a uuid')
  invariant(
    Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1 && timeoutSeconds <= 3600,
    'a time limit of 1 s to 1 h',
  )
  const { more } = rule
  invariant(more ? args.length > rule.args.length : args.length === rule.args.length, `the arguments of ${kind}`)
  for (const [i, word] of args.entries()) {
    invariant((rule.args[i] ?? more)?.test(word) && word.length <= MOST_CHARACTERS, `an argument of ${kind}`)
  }
  return [id, kind, timeoutSeconds, ...args].join(' ')
}
