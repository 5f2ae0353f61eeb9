/**
 * What a node can be asked to do once. A closed list: the script refuses everything else, and each argument has a grammar that no
 * name of a person can leave. Its answer comes by `POST /node/v1/answer`.
 */
import { invariant } from '../invariant.ts'

export type RequestRule = {
  /** For people, after the name of the machine: "waiting for server-1 to …". */
  readonly what: string
  readonly args: readonly RegExp[]
  /** How long the node may take. */
  readonly timeoutSeconds: number
}

const KUBERNETES_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const SECONDS = /^[1-9][0-9]{0,4}$/
const WORD = /^[A-Za-z0-9._:=-]{1,128}$/

export const REQUESTS = {
  'k3s-read-server': { what: 'tell the token and the certificate of its cluster', args: [], timeoutSeconds: 60 },
  'k3s-mint-token': { what: 'mint a join token', args: [KUBERNETES_NAME, SECONDS], timeoutSeconds: 60 },
  'k3s-sign': { what: 'sign a client certificate', args: [WORD, SECONDS], timeoutSeconds: 60 },
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
  invariant(args.length === rule.args.length, `${kind} has ${rule.args.length} arguments`)
  for (const [i, grammar] of rule.args.entries()) invariant(grammar.test(args[i] ?? ''), `an argument of ${kind}`)
  return [id, kind, timeoutSeconds, ...args].join(' ')
}
