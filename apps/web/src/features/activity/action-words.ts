/**
 * Each action as a part of a sentence. What somebody did names its object: "Ada removed node home-1". What befell a machine begins
 * with it: "home-1 stopped reporting".
 */
export type ActionWords = { subjectFirst: boolean; words: string }

const did = (words: string): ActionWords => ({ subjectFirst: false, words })
const befell = (words: string): ActionWords => ({ subjectFirst: true, words })

const words: Record<string, ActionWords> = {
  'setup.create-owner': did('made the first account,'),
  'person.sign-in': befell('signed in'),
  'person.reset-password': did('gave a new password to'),
  'member.add': did('made an account for'),
  'member.invite': did('made an invitation for'),
  'member.revoke-invitation': did('took back the invitation of'),
  'member.join': befell('joined by an invitation'),
  'member.set-role': did('changed the role of'),
  'member.remove': did('took out of the organization'),
  'network.create': did('created the network'),
  'network.update': did('changed the network'),
  'network.delete': did('deleted the network'),
  'network.restored': befell('came back from an older backup; its nodes were told'),
  'site.create': did('added the site'),
  'site.update': did('changed the site'),
  'network.topology': did('changed who is reached directly in'),
  'site.gateways': did('chose other gateways for the site'),
  'site.delete': did('deleted the site'),
  'node.enrol': befell('joined'),
  'node.update': did('changed'),
  'node.pause': did('paused'),
  'node.resume': did('resumed'),
  'node.remove': did('removed'),
  'node.drain': did('began to drain'),
  'node.drained': befell('carries nobody any more'),
  'node.undrain': did('lets carry again'),
  'node.rotate-keys': did('began to rotate the keys of'),
  'node.go-on-rotating': did('went on without missing peers rotating the keys of'),
  'node.stop-rotating': did('stopped rotating the keys of'),
  'node.keys-rotated': befell('took new keys'),
  'node.keys-returned': befell('went back to its old keys; no peer answered under the next ones'),
  'node.keys-refused': befell('told a next key that was refused; its old keys stay'),
  'route.offer': did('offered a LAN behind'),
  'route.approve': did('approved a LAN behind'),
  'route.refuse': did('refused a LAN behind'),
  'node.release': did('released'),
  'node.silent': befell('stopped reporting'),
  'node.back': befell('reports again'),
  'node.fork': befell('was seen twice; the second machine is held off'),
  'tunnel.down': befell('lost a tunnel'),
  'tunnel.up': befell('has its tunnel again'),
  'invitation.create': did('invited'),
  'invitation.update': did('changed the invitation of'),
  'invitation.reissue': did('made a fresh line for'),
  'invitation.revoke': did('revoked the invitation of'),
  'join-key.create': did('created the join key'),
  'join-key.revoke': did('revoked the join key'),
  'cluster.create': did('made the cluster'),
  'cluster.update': did('changed the cluster'),
  'cluster.delete': did('deleted the cluster'),
  'cluster.node': did('gave a part in the cluster to'),
  'cluster.remove-node': did('began to take out of the cluster'),
  'cluster.repeat-step': did('repeated a step of the removal of'),
  'cluster.skip-step': did('went on without a step of the removal of'),
  'cluster.label': befell('has other labels and taints in Kubernetes'),
  'cluster.leave': befell('is out of the cluster'),
  'cluster.forget-password': did('let the cluster forget the password of'),
  'cluster.resume-rollout': did('went on with the change of the cluster'),
  'cluster.rollout-done': befell('has its change on all its nodes'),
  'cluster.rollout-stopped': befell('stopped changing: a node did not take it'),
  'cluster.abort-rollout': did('broke off the change of the cluster'),
  'cluster.kubeconfig-asked': did('asked for a kubeconfig of'),
  'cluster.kubeconfig': did('downloaded a kubeconfig of'),
  'policy.save': did('put on trial the policy,'),
  'policy.restore': did('put on trial an older policy again, as'),
  'policy.confirm': did('confirmed the policy,'),
  'policy.return': did('returned the policy,'),
  'device.create': did('added the device'),
  'device.confirm-file': did('put the present configuration on the device'),
  'device.revoke': did('revoked the device'),
  'device.end': befell('reached its end'),
  'api-key.create': did('created the API key'),
  'api-key.revoke': did('revoked the API key'),
}

/** Steps of a node's way out of a cluster, done and failed. `cluster.delete` is also what a person does to a whole cluster. */
const wayOut: Record<string, readonly [done: string, failed: string]> = {
  'cluster.cordon': ['takes no new pods any more', 'could not be cordoned: it still takes new pods'],
  'cluster.drain': ['was drained: its pods are elsewhere', 'could not be drained: pods stayed on it'],
  'cluster.delete': ['was deleted from Kubernetes', 'could not be deleted from Kubernetes'],
  'cluster.password': [
    'may join again: its old password is forgotten',
    'has an old password that could not be forgotten',
  ],
  'cluster.uninstall': ['has no k3s any more', 'still has k3s: it could not be uninstalled'],
}

export function actionWords(action: string, subjectKind: string, state: unknown): ActionWords {
  const step = subjectKind === 'node' ? wayOut[action] : undefined
  if (step && (state === 'done' || state === 'failed')) return befell(step[state === 'done' ? 0 : 1])
  return words[action] ?? did(`${action.replaceAll(/[.-]/g, ' ')}:`)
}

/** Filters: the first part of an action stands for all of its kind. */
export const actionChoices = [
  { value: '', label: 'Everything' },
  { value: 'network', label: 'Networks' },
  { value: 'site', label: 'Sites' },
  { value: 'node', label: 'Nodes' },
  { value: 'tunnel', label: 'Tunnels' },
  { value: 'policy', label: 'Access' },
  { value: 'cluster', label: 'Cluster' },
  { value: 'device', label: 'Devices' },
  { value: 'invitation', label: 'Invitations' },
  { value: 'join-key', label: 'Join keys' },
  { value: 'api-key', label: 'API keys' },
  { value: 'member', label: 'Members' },
  { value: 'person', label: 'Sign-ins' },
]
