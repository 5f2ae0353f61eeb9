/** The part of a Kubernetes object that the stand-in reads; the rest is kept as it came. */
export type KubeObject = {
  apiVersion?: string
  kind?: string
  metadata: {
    name: string
    namespace?: string
    uid?: string
    resourceVersion?: string
    creationTimestamp?: string
    deletionTimestamp?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    ownerReferences?: { kind: string; name: string }[]
  }
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any kind, read field by field as the API server's clients do
  spec?: any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  status?: any
  // biome-ignore lint/suspicious/noExplicitAny: data, stringData, roleRef, subjects, subsets …
  [field: string]: any
}

export type Condition = {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  lastTransitionTime: string
  lastHeartbeatTime?: string
}

/** RFC 3339 in seconds, as Kubernetes writes times. */
export function kubeTime(at = Date.now()): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  const conditions: Condition[] = object.status?.conditions ?? []
  return conditions.find((each) => each.type === type)
}

export function isReady(object: KubeObject): boolean {
  return conditionOf(object, 'Ready')?.status === 'True'
}
