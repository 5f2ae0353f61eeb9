/** What may be done to a node in which state. Buttons, verbs and their refusals all read this table. */
export type NodeState = 'invited' | 'enrolled' | 'active' | 'paused' | 'quarantined' | 'removed'

export const nodeActions = {
  rename: ['invited', 'enrolled', 'active', 'paused', 'quarantined'],
  relabel: ['invited', 'enrolled', 'active', 'paused', 'quarantined'],
  /** Its site, its endpoint. */
  edit: ['invited', 'enrolled', 'active', 'paused', 'quarantined'],
  /** A fresh token for the same invitation; the old one ends. */
  reissue: ['invited'],
  /** Ends the invitation, and the node that never was with it. */
  revoke: ['invited'],
  pause: ['enrolled', 'active'],
  resume: ['paused'],
  /** New keys for its tunnels. */
  rotateKeys: ['enrolled', 'active'],
  /** Lets a quarantined node back in: the operator has decided which of the two machines it is. */
  approve: ['quarantined'],
  remove: ['enrolled', 'active', 'paused', 'quarantined'],
} satisfies Record<string, readonly NodeState[]>

export type NodeAction = keyof typeof nodeActions

export function nodeCan(action: NodeAction, state: NodeState): boolean {
  return (nodeActions[action] as readonly NodeState[]).includes(state)
}

/** Why a button is disabled; null when it is not. */
export function whyNodeCannot(action: NodeAction, state: NodeState): string | null {
  if (nodeCan(action, state)) return null
  if (state === 'removed')
    return 'It was removed; only its tombstone is left, so that its machine cleans up when it calls.'
  return REASONS[action]
}

const REASONS: Readonly<Record<NodeAction, string>> = {
  rename: 'It was removed.',
  relabel: 'It was removed.',
  edit: 'It was removed.',
  reissue: 'The machine has joined already; its token is used up. Paste the same line there to repair it.',
  revoke: 'The machine has joined already. Remove the node instead.',
  pause: 'Only a node that has joined and is at work can be paused.',
  resume: 'It is not paused.',
  rotateKeys: 'Only a node that has joined and is at work takes new keys.',
  approve: 'It is not quarantined.',
  remove: 'No machine has joined yet. Revoke the invitation instead.',
}
