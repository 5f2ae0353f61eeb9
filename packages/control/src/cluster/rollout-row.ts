import type { RolloutMove } from '@spanwire/mesh/cluster/rollout'
import type { RolloutRow } from './cluster-row.ts'
import type { Rollout } from './rollout-record.ts'

/** How far a change has come, at this moment. */
export function rolloutRow(rollout: Rollout, move: RolloutMove): RolloutRow {
  const { stopped, steps } = rollout
  const current = stopped?.nodeId ?? ('nodeId' in move ? move.nodeId : null)
  const at = current === null ? steps.length : steps.findIndex(({ nodeId }) => nodeId === current)
  return {
    state: stopped ? 'stopped' : 'running',
    sentence: stopped?.sentence ?? sentenceOf(move, rollout),
    fix: stopped?.fix ?? null,
    startedAt: rollout.startedAt,
    startedBy: rollout.startedBy,
    nodes: steps.map(({ nodeId, name, toldAt }, i) => {
      if (i < at) return { nodeId, name, state: 'done', text: 'Ready with the new settings' }
      if (i === at && stopped) return { nodeId, name, state: 'failed', text: stopped.sentence }
      if (i === at && toldAt !== null) return { nodeId, name, state: 'applying', text: sentenceOf(move, rollout) }
      return { nodeId, name, state: 'waiting', text: 'has its old settings' }
    }),
  }
}

function sentenceOf(move: RolloutMove, { steps }: Rollout): string {
  switch (move.do) {
    case 'apply':
      return `${steps.find(({ nodeId }) => nodeId === move.nodeId)?.name ?? 'the next node'} is next`
    case 'done':
      return 'all nodes have the new settings'
    default:
      return move.sentence
  }
}
