import type { Identity } from './authenticate.ts'
import type { KubeObject } from './kube-object.ts'
import { Refused } from './refused.ts'
import type { ResourcePath } from './resource-path.ts'
import type { Store } from './store.ts'

const READS = ['get', 'list', 'watch']

/** The built-in roles that a ClusterRoleBinding may name, as rules of thumb; roles of one's own allow what they list. */
const BUILT_IN: Record<string, (verb: string, resource: string) => boolean> = {
  'cluster-admin': () => true,
  admin: (_verb, resource) => resource !== 'nodes',
  edit: (_verb, resource) => !['nodes', 'clusterrolebindings', 'rolebindings'].includes(resource),
  view: (verb, resource) => READS.includes(verb) && resource !== 'secrets' && resource !== 'nodes',
}

type Rule = { apiGroups?: string[]; resources?: string[]; verbs?: string[] }

/** Throws as the API server refuses. */
export function authorize(who: Identity, method: string, path: ResourcePath, store: Store): void {
  if (who.groups.includes('system:masters') || who.groups.includes('system:nodes')) return
  if (who.name.startsWith('system:k3s-') || who.name.startsWith('system:kube-')) return
  const verb = verbOf(method, path)
  const bindings = store.list('clusterrolebindings').filter((binding) => bindsTo(binding, who))
  if (bindings.some((binding) => allows(binding, verb, path, store))) return
  const what = path.resource + (path.subresource ? `/${path.subresource}` : '')
  const which = path.name === undefined ? path.resource : `${path.resource} "${path.name}"`
  const where = path.namespace === undefined ? 'at the cluster scope' : `in the namespace "${path.namespace}"`
  const cannot = `User "${who.name}" cannot ${verb} resource "${what}" in API group "${path.group}" ${where}`
  throw new Refused(403, `${which} is forbidden: ${cannot}`)
}

function verbOf(method: string, { name }: ResourcePath): string {
  if (method === 'GET') return name === undefined ? 'list' : 'get'
  return { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[method] ?? method.toLowerCase()
}

function bindsTo({ subjects = [] }: KubeObject, who: Identity): boolean {
  return (subjects as { kind: string; name: string }[]).some(({ kind, name }) =>
    kind === 'Group' ? who.groups.includes(name) || name === 'system:authenticated' : name === who.name,
  )
}

function allows({ roleRef }: KubeObject, verb: string, path: ResourcePath, store: Store): boolean {
  const name: string = roleRef?.name ?? ''
  const builtIn = BUILT_IN[name]
  if (builtIn) return builtIn(verb, path.resource)
  const rules: Rule[] = store.find('clusterroles', name)?.rules ?? []
  const has = (list: string[] | undefined, value: string) => list?.includes('*') || list?.includes(value)
  return rules.some(
    (rule) => has(rule.apiGroups, path.group) && has(rule.resources, path.resource) && has(rule.verbs, verb),
  )
}
