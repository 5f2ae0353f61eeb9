import { duration } from '../duration.ts'
import { HttpsClient } from '../https-client.ts'
import type { KubeObject } from '../server/kube-object.ts'
import type { Kubeconfig } from '../server/kubeconfig.ts'
import { isClusterWide, resourceOf } from '../server/resource-path.ts'
import type { CommandLine } from './command-line.ts'
import { KubectlError } from './kubectl-error.ts'

const SHORT_NAMES: Record<string, string> = {
  no: 'nodes',
  po: 'pods',
  svc: 'services',
  ns: 'namespaces',
  ep: 'endpoints',
  ds: 'daemonsets',
  deploy: 'deployments',
  cm: 'configmaps',
  csr: 'certificatesigningrequests',
  sa: 'serviceaccounts',
  netpol: 'networkpolicies',
  rs: 'replicasets',
  ing: 'ingresses',
}

const GROUPS: Record<string, string> = {
  daemonsets: 'apps/v1',
  deployments: 'apps/v1',
  replicasets: 'apps/v1',
  certificatesigningrequests: 'certificates.k8s.io/v1',
  leases: 'coordination.k8s.io/v1',
  clusterroles: 'rbac.authorization.k8s.io/v1',
  clusterrolebindings: 'rbac.authorization.k8s.io/v1',
  roles: 'rbac.authorization.k8s.io/v1',
  rolebindings: 'rbac.authorization.k8s.io/v1',
  networkpolicies: 'networking.k8s.io/v1',
  ingresses: 'networking.k8s.io/v1',
  helmchartconfigs: 'helm.cattle.io/v1',
  helmcharts: 'helm.cattle.io/v1',
}

export class KubeClient {
  readonly namespace: string
  readonly allNamespaces: boolean
  readonly #client: HttpsClient
  readonly #token: string | undefined
  readonly #timeoutMs: number

  constructor(config: Kubeconfig, line: CommandLine) {
    this.#client = new HttpsClient(line.value('server') ?? config.server, config)
    this.#token = config.token
    this.namespace = line.value('namespace') ?? 'default'
    this.allNamespaces = line.has('all-namespaces')
    this.#timeoutMs = duration(line.value('request-timeout') ?? '') || 30_000
  }

  resource(word: string): string {
    const name = word.toLowerCase().split('.')[0] ?? ''
    const known = SHORT_NAMES[name] ?? (name.endsWith('s') ? name : resourceOf(singularKind(name)))
    return known === 'nodess' ? 'nodes' : known
  }

  path(resource: string, name?: string, namespace = this.namespace): string {
    const group = GROUPS[resource]
    const root = group === undefined ? '/api/v1' : `/apis/${group}`
    const scope = isClusterWide(resource) || this.allNamespaces ? '' : `/namespaces/${namespace}`
    return `${root}${scope}/${resource}${name === undefined ? '' : `/${name}`}`
  }

  pathOf(object: KubeObject): { list: string; one: string; resource: string } {
    const resource = resourceOf(object.kind ?? '')
    const root = object.apiVersion === 'v1' ? '/api/v1' : `/apis/${object.apiVersion}`
    const namespace = object.metadata.namespace ?? this.namespace
    const list = `${root}${isClusterWide(resource) ? '' : `/namespaces/${namespace}`}/${resource}`
    return { list, one: `${list}/${object.metadata.name}`, resource }
  }

  async find(path: string): Promise<KubeObject | undefined> {
    const { code, body } = await this.#call('GET', path)
    if (code === 404) return undefined
    return this.#parse(code, body)
  }

  async get(path: string): Promise<KubeObject> {
    const { code, body } = await this.#call('GET', path)
    return this.#parse(code, body)
  }

  async send(method: string, path: string, object?: object): Promise<KubeObject> {
    const { code, body } = await this.#call(method, path, object)
    return this.#parse(code, body)
  }

  async text(path: string, method = 'GET'): Promise<string> {
    const { code, body } = await this.#call(method, path)
    if (code >= 300) this.#parse(code, body)
    return body
  }

  close(): void {
    this.#client.close()
  }

  async #call(method: string, path: string, object?: object): Promise<{ code: number; body: string }> {
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (this.#token) headers.authorization = `Bearer ${this.#token}`
    const body = object && JSON.stringify(object)
    try {
      return await this.#client.call(path, { method, headers, body, timeoutMs: this.#timeoutMs })
    } catch (error) {
      const { message } = error as Error
      const { hostname, port } = this.#client.base
      if (/connection refused/.test(message))
        throw new KubectlError(
          `The connection to the server ${hostname}:${port} was refused - did you specify the right host or port?`,
        )
      throw new KubectlError(`Unable to connect to the server: ${message.replace(/^[^:]*: /, '')}`)
    }
  }

  #parse(code: number, body: string): KubeObject {
    const parsed = JSON.parse(body)
    if (code < 300) return parsed
    if (code === 401) throw new KubectlError('error: You must be logged in to the server (Unauthorized)')
    throw new KubectlError(`Error from server (${parsed.reason}): ${parsed.message}`)
  }
}

function singularKind(word: string): string {
  const kinds: Record<string, string> = {
    daemonset: 'DaemonSet',
    endpoint: 'Endpoints',
    certificatesigningrequest: 'CertificateSigningRequest',
    clusterrolebinding: 'ClusterRoleBinding',
    networkpolicy: 'NetworkPolicy',
  }
  return kinds[word] ?? word
}
