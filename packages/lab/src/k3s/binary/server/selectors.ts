import type { KubeObject } from './kube-object.ts'

/** `a=b,c!=d,e,!f` against labels. */
export function labelsMatch(object: KubeObject, selector: string): boolean {
  const labels = object.metadata.labels ?? {}
  return selector
    .split(',')
    .filter((each) => each !== '')
    .every((each) => {
      const [, key = '', operator, value] = /^([^=!]+)(!?==?)(.*)$/.exec(each) ?? []
      if (operator === undefined) return each.startsWith('!') ? !(each.slice(1) in labels) : each in labels
      return operator.startsWith('!') ? labels[key] !== value : labels[key] === value
    })
}

/** `spec.nodeName=home-1,status.phase!=Running`, by plain paths. */
export function fieldsMatch(object: KubeObject, selector: string): boolean {
  return selector
    .split(',')
    .filter((each) => each !== '')
    .every((each) => {
      const [, path = '', operator = '=', value = ''] = /^([^=!]+)(!?==?)(.*)$/.exec(each) ?? []
      let found: unknown = object
      for (const step of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[step]
      return operator.startsWith('!') ? String(found ?? '') !== value : String(found ?? '') === value
    })
}

/** `{a: 'b'}` as `a=b`. */
export function asSelector(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join()
}
