/**
 * Who asks: by client certificate of the cluster's client CA (common name and organizations, as Kubernetes reads them), by
 * basic authentication with the server's or the agents' token, or by bootstrap token.
 */
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Store } from './store.ts'

export type Identity = { name: string; groups: string[] }

export type Secrets = { serverToken: string; agentToken: string }

/** The certificate first, as in the API server's chain: a joined agent outlives its bootstrap token by it. */
export function authenticate(
  request: IncomingMessage,
  store: Store | undefined,
  secrets: Secrets,
): Identity | undefined {
  return byCertificate(request) ?? byHeader(request, store, secrets)
}

export function byHeader(request: IncomingMessage, store: Store | undefined, secrets: Secrets): Identity | undefined {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme === 'Basic') return byPassword(Buffer.from(value, 'base64').toString(), secrets)
  if (scheme === 'Bearer') return byBootstrapToken(value, store)
  return undefined
}

function byCertificate(request: IncomingMessage): Identity | undefined {
  const socket = request.socket as TLSSocket
  if (!socket.authorized) return undefined
  const subject = socket.getPeerCertificate().subject as unknown as Record<string, string | string[]> | undefined
  if (!subject?.CN) return undefined
  const groups = [subject.O ?? []].flat()
  const name = String(subject.CN)
  // A server that joined hands on whom it let in.
  const [user, group] = [request.headers['x-remote-user'], request.headers['x-remote-group']]
  if (name === 'system:k3s-supervisor' && typeof user === 'string')
    return { name: user, groups: typeof group === 'string' ? group.split('|') : [] }
  return { name, groups }
}

function byPassword(credentials: string, { serverToken, agentToken }: Secrets): Identity | undefined {
  const [user = '', ...rest] = credentials.split(':')
  const password = rest.join(':')
  if (user === 'server' && password === serverToken) return { name: 'server', groups: ['k3s:server'] }
  // With an agent-token of its own, the server token is no agents' credential any more.
  if (user === 'node' && password === (agentToken || serverToken)) return { name: 'node', groups: ['k3s:agent'] }
  return undefined
}

function byBootstrapToken(token: string, store: Store | undefined): Identity | undefined {
  const [id = '', value] = token.split('.')
  const secret = store?.find('secrets', `bootstrap-token-${id}`, 'kube-system')
  if (!secret || text(secret.data?.['token-secret']) !== value) return undefined
  const expires = text(secret.data?.expiration)
  if (expires !== '' && Date.parse(expires) < Date.now()) return undefined
  if (text(secret.data?.['usage-bootstrap-authentication']) !== 'true') return undefined
  return { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', text(secret.data?.['auth-extra-groups'])] }
}

function text(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString()
}
