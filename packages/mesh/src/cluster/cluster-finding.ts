/** What a check of a cluster's settings found. `refuse` stands in the way of saving; `warn` is said and may be saved. */
export type ClusterFinding = {
  readonly severity: 'refuse' | 'warn'
  /** A field of ClusterSettings, or `extraServer.KEY`. */
  readonly field: string
  readonly text: string
  readonly fix: string
}

export const refuse = (field: string, text: string, fix: string): ClusterFinding => ({
  severity: 'refuse',
  field,
  text,
  fix,
})

export const warn = (field: string, text: string, fix: string): ClusterFinding => ({
  severity: 'warn',
  field,
  text,
  fix,
})
