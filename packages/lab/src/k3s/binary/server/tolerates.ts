import type { KubeObject } from './kube-object.ts'

export type Toleration = { key?: string; operator?: string; value?: string; effect?: string }

/** Whether a pod with these tolerations may be put on the node. */
export function tolerates(tolerations: Toleration[], node: KubeObject): boolean {
  const taints: { key: string; value?: string; effect: string }[] = node.spec.taints ?? []
  return taints.every(
    (each) =>
      each.effect === 'PreferNoSchedule' ||
      tolerations.some(
        ({ key, operator, value, effect }) =>
          (key === undefined || key === each.key) &&
          (effect === undefined || effect === each.effect) &&
          (operator === 'Exists' || (value ?? '') === (each.value ?? '')),
      ),
  )
}
