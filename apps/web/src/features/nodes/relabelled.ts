import type { Labels } from '~/ui/parse-labels.ts'

/** A node's labels after some were taken off and some put on; what is put on wins. */
export function relabelled(labels: Labels, put: Labels, taken: readonly string[]): Labels {
  const kept = Object.entries(labels).filter(([key]) => !taken.includes(key))
  return { ...Object.fromEntries(kept), ...put }
}
