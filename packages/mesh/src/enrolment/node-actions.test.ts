import { expect, test } from 'vitest'
import { type NodeAction, type NodeState, nodeActions, nodeCan, whyNodeCannot } from './node-actions.ts'

test.each([
  { state: 'invited', want: ['rename', 'relabel', 'edit', 'reissue', 'revoke'] },
  { state: 'enrolled', want: ['rename', 'relabel', 'edit', 'pause', 'rotateKeys', 'remove'] },
  { state: 'active', want: ['rename', 'relabel', 'edit', 'pause', 'rotateKeys', 'remove'] },
  { state: 'paused', want: ['rename', 'relabel', 'edit', 'resume', 'remove'] },
  { state: 'quarantined', want: ['rename', 'relabel', 'edit', 'approve', 'remove'] },
  { state: 'removed', want: [] },
] as { state: NodeState; want: NodeAction[] }[])('a node that is $state can be: $want', ({ state, want }) => {
  const actions = Object.keys(nodeActions) as NodeAction[]
  expect(actions.filter((action) => nodeCan(action, state))).toEqual(want)
  // A disabled button says why, and an enabled one has nothing to say.
  for (const action of actions) expect(whyNodeCannot(action, state) === null).toBe(want.includes(action))
})

test('the reason names the way out', () => {
  expect(whyNodeCannot('remove', 'invited')).toBe('No machine has joined yet. Revoke the invitation instead.')
  expect(whyNodeCannot('rename', 'removed')).toContain('tombstone')
})
