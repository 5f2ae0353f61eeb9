/** A network's policy, its versions and its trial, as pages and scripts see them. */
import { z } from 'zod'

/** Where in the text: line and column from 1, `from` and `to` as the editor counts. */
export const PolicyFinding = z.object({
  code: z.string(),
  line: z.number(),
  column: z.number(),
  from: z.number(),
  to: z.number(),
  text: z.string(),
  fix: z.string(),
})

export const ClusterWarningRow = z.object({
  cluster: z.string(),
  need: z.string(),
  text: z.string(),
  /** the rule that mends it */
  fence: z.string(),
})

const Named = z.object({ names: z.array(z.string()), more: z.number() })

/** Pairs that gain or lose the same services. */
export const ReachChangeRow = z.object({
  from: Named,
  to: Named,
  services: z.string(),
  families: z.enum(['4', '6', 'both']),
  pairs: z.number(),
})

export const PolicyDiffRow = z.object({
  gained: z.array(ReachChangeRow),
  lost: z.array(ReachChangeRow),
  /** lines beyond those listed */
  more: z.object({ gained: z.number(), lost: z.number() }),
})

export const PolicyTestRow = z.object({
  line: z.number(),
  column: z.number(),
  ok: z.boolean(),
  /** nobody is there whom it speaks of: it says nothing, and refuses nothing */
  idle: z.boolean(),
  text: z.string(),
})

export const TrialRow = z
  .object({
    id: z.string(),
    number: z.number(),
    state: z.enum(['running', 'confirmed', 'returned']),
    startedAt: z.string(),
    deadlineAt: z.string(),
    startedBy: z.string(),
    /** a person has to confirm it, or all return at the deadline */
    needsConfirm: z.boolean(),
    endedAt: z.string().nullable(),
    /** what it waits for, or why it ended, a sentence */
    reason: z.string(),
    /** all nodes are well under it at this moment */
    allWell: z.boolean(),
    nodes: z.array(z.object({ id: z.string(), name: z.string(), ok: z.boolean(), text: z.string() })),
  })
  .meta({ id: 'PolicyTrial' })
export type TrialRow = z.infer<typeof TrialRow>

/** A diff of texts; null where lines that did not change are left out. */
export const DiffLineRow = z
  .object({
    kind: z.enum(['same', 'added', 'removed']),
    from: z.number().nullable(),
    to: z.number().nullable(),
    text: z.string(),
  })
  .nullable()

export const PolicyVersionRow = z
  .object({
    number: z.number(),
    comment: z.string().nullable(),
    restoredFrom: z.number().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    /** holds | on trial | past */
    state: z.enum(['holds', 'on-trial', 'past']),
    /** with comments and blanks */
    characters: z.number(),
  })
  .meta({ id: 'PolicyVersion' })
export type PolicyVersionRow = z.infer<typeof PolicyVersionRow>
