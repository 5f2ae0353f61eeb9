/**
 * A change of settings on its way to the nodes: servers first, then agents, one node at a time, each proved before the next is
 * touched, and an end at the first that does not come back. What is left then runs on the old settings, so the cluster lives.
 *
 *   server-1  apply ─ back and Ready ─┐
 *   server-2                          └ apply ─ back and Ready ─┐
 *   home-1                                                      └ apply ─ not back after 5 min: stopped
 *   home-2                                                                untouched
 */
import { humanAge } from '../health/human-age.ts'
import { type ConfigChange, configDiff } from './config-diff.ts'
import type { ConfigEntry } from './config-entries.ts'

export type RolloutNode = {
  readonly id: string
  readonly name: string
  readonly ordinal: number
  readonly role: 'server' | 'agent'
  readonly before: readonly ConfigEntry[]
  readonly after: readonly ConfigEntry[]
  /** A file of secrets, registries or units changes too, which is not shown. */
  readonly hasHiddenChange: boolean
}

export type RolloutStep = {
  readonly nodeId: string
  readonly name: string
  readonly changes: readonly ConfigChange[]
  readonly restarts: boolean
}

export type RolloutPlan = {
  readonly steps: readonly RolloutStep[]
  readonly unchanged: readonly string[]
  /** Changes that no restart brings about: the rollout does not begin while there are any. */
  readonly refused: readonly { readonly name: string; readonly change: ConfigChange }[]
  /** Said before it begins. */
  readonly cuts: readonly string[]
}

export function planRollout(nodes: readonly RolloutNode[]): RolloutPlan {
  const steps: RolloutStep[] = []
  const unchanged: string[] = []
  const order = (node: RolloutNode) => (node.role === 'server' ? 0 : 1)
  for (const node of [...nodes].sort((a, b) => order(a) - order(b) || a.ordinal - b.ordinal)) {
    const changes = configDiff(node.before, node.after)
    if (changes.length === 0 && !node.hasHiddenChange) unchanged.push(node.name)
    else
      steps.push({
        nodeId: node.id,
        name: node.name,
        changes,
        restarts: node.hasHiddenChange || changes.some(({ effect }) => effect !== 'api'),
      })
  }
  const all = steps.flatMap(({ name, changes }) => changes.map((change) => ({ name, change })))
  const cuts = all.filter(({ change }) => change.effect === 'cut').map(({ change }) => `${change.key}: ${change.note}`)
  return { steps, unchanged, refused: all.filter(({ change }) => change.effect === 'never'), cuts: [...new Set(cuts)] }
}

export type RolloutProgress = {
  /** When the node was told; null before. */
  readonly toldAt: number | null
  /** It reported that it runs on the new settings. */
  readonly hasApplied: boolean
  /** What it said when it could not. */
  readonly failure: string | null
  readonly isReady: boolean
  /** Since when it is Ready without a break, milliseconds. */
  readonly readySince: number | null
  readonly heardAt: number | null
}

export type RolloutMove =
  | { readonly do: 'apply'; readonly nodeId: string }
  | { readonly do: 'wait'; readonly nodeId: string; readonly sentence: string }
  | {
      readonly do: 'stop'
      readonly nodeId: string
      readonly sentence: string
      readonly fix: string
      readonly untouched: readonly string[]
    }
  | { readonly do: 'done' }

/** A restart of k3s takes half a minute; images and a slow disk may take minutes. */
const BACK_WITHIN_MS = 5 * 60_000
/** Kubelet says Ready at once after a start and changes its mind when the pod network does not come up. */
const STEADY_MS = 20_000

export function nextRolloutMove(
  { steps }: RolloutPlan,
  progress: ReadonlyMap<string, RolloutProgress>,
  now: number,
): RolloutMove {
  for (const [i, step] of steps.entries()) {
    const at = progress.get(step.nodeId)
    if (!at || at.toldAt === null) {
      // Never two that are away at once, and none that was ill before.
      if (at && !at.isReady)
        return stop(
          step,
          steps.slice(i),
          `${step.name} was not Ready before the change reached it`,
          'Mend it first, then begin again.',
        )
      return { do: 'apply', nodeId: step.nodeId }
    }
    if (at.failure !== null)
      return stop(
        step,
        steps.slice(i + 1),
        `${step.name} did not take the change: ${at.failure}`,
        'Change the settings back, or mend the machine, then begin again.',
      )
    const isBack =
      at.hasApplied && at.isReady && at.readySince !== null && now - Math.max(at.readySince, at.toldAt) >= STEADY_MS
    if (isBack) continue
    if (now - at.toldAt > BACK_WITHIN_MS) {
      const heard = at.heardAt === null ? 'it was never heard' : `it was last heard ${humanAge(now - at.heardAt)} ago`
      const how = !at.hasApplied ? 'has not confirmed the new settings' : 'is not Ready with the new settings'
      return stop(
        step,
        steps.slice(i + 1),
        `${step.name} ${how} ${humanAge(now - at.toldAt)} after it was told; ${heard}`,
        'Look at the machine: "spanwire doctor" there. The nodes after it were not touched.',
      )
    }
    return { do: 'wait', nodeId: step.nodeId, sentence: waiting(step.name, at, now) }
  }
  return { do: 'done' }
}

function waiting(name: string, { hasApplied, isReady, toldAt }: RolloutProgress, now: number): string {
  const age = `told ${humanAge(now - (toldAt ?? now))} ago`
  if (!hasApplied) return `waiting for ${name} to take the new settings, ${age}`
  return isReady
    ? `${name} is Ready again; watching whether it stays so`
    : `waiting for ${name} to be Ready again, ${age}`
}

const stop = (step: RolloutStep, untouched: readonly RolloutStep[], sentence: string, fix: string): RolloutMove => ({
  do: 'stop',
  nodeId: step.nodeId,
  sentence,
  fix,
  untouched: untouched.map(({ name }) => name),
})
