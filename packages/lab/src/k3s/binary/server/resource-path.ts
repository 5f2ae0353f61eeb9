/** `/api/v1/namespaces/kube-system/pods/web/status` and its relatives, taken apart. */
export type ResourcePath = {
  /** '' for the core group. */
  group: string
  version: string
  resource: string
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
}

const CLUSTER_WIDE = new Set([
  'nodes',
  'namespaces',
  'persistentvolumes',
  'clusterroles',
  'clusterrolebindings',
  'certificatesigningrequests',
  'customresourcedefinitions',
  'storageclasses',
  'priorityclasses',
])

export function parseResourcePath(path: string): ResourcePath | undefined {
  const segments = path.split('/').filter((each) => each !== '')
  const [root, ...rest] = segments
  const isCore = root === 'api' && rest[0] === 'v1'
  if (!isCore && root !== 'apis') return undefined
  const group = isCore ? '' : (rest.shift() ?? '')
  const version = rest.shift() ?? ''
  const namespaced = rest[0] === 'namespaces' && rest.length >= 3 && rest[2] !== 'status' && rest[2] !== 'finalize'
  const namespace = namespaced ? rest[1] : undefined
  const [resource, name, subresource] = namespaced ? rest.slice(2) : rest
  if (version === '' || resource === undefined) return undefined
  return { group, version, resource, namespace, name, subresource }
}

export function isClusterWide(resource: string): boolean {
  return CLUSTER_WIDE.has(resource)
}

export function apiVersionOf({ group, version }: ResourcePath): string {
  return group === '' ? version : `${group}/${version}`
}

const KINDS: Record<string, string> = {
  endpoints: 'Endpoints',
  networkpolicies: 'NetworkPolicy',
  certificatesigningrequests: 'CertificateSigningRequest',
  daemonsets: 'DaemonSet',
  serviceaccounts: 'ServiceAccount',
  configmaps: 'ConfigMap',
  clusterrolebindings: 'ClusterRoleBinding',
  rolebindings: 'RoleBinding',
  clusterroles: 'ClusterRole',
  replicasets: 'ReplicaSet',
  ingresses: 'Ingress',
  storageclasses: 'StorageClass',
}

export function kindOf(resource: string): string {
  const singular = resource.replace(/s$/, '')
  return KINDS[resource] ?? singular.charAt(0).toUpperCase() + singular.slice(1)
}

export function resourceOf(kind: string): string {
  const known = Object.entries(KINDS).find(([, name]) => name === kind)
  return known ? known[0] : `${kind.toLowerCase()}s`
}
