/**
 * RFC 7386. A strategic merge patch is treated alike, except that lists of conditions, addresses and taints are merged by
 * `type` or replaced: the stand-in's own kubelet and kubectl send whole lists.
 */
export function mergePatch<T>(target: T, patch: unknown): T {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch as T
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else if (name === 'conditions' && Array.isArray(value)) merged[name] = mergeConditions(merged[name], value)
    else merged[name] = mergePatch(merged[name], value)
  }
  return merged as T
}

function mergeConditions(before: unknown, patch: { type?: string }[]): unknown[] {
  const kept = (Array.isArray(before) ? before : []) as { type?: string }[]
  return [...kept.filter(({ type }) => !patch.some((each) => each.type === type)), ...patch]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
