/** Each action as the middle of a sentence: "Ada [removed node] home-1". */
const words: Record<string, string> = {
  'organization.create': 'made the organization',
  'setup.create-owner': 'made the first account',
  'user.create': 'made the account',
  'session.sign-in': 'signed in as',
  'network.create': 'created the network',
  'network.update': 'changed the network',
  'network.delete': 'deleted the network',
  'network.restore': 'noticed a restored database in',
  'site.create': 'added the site',
  'site.rename': 'renamed the site',
  'site.delete': 'deleted the site',
  'node.enrol': 'enrolled',
  'node.update': 'changed',
  'node.pause': 'paused',
  'node.resume': 'resumed',
  'node.remove': 'removed',
  'node.quarantine': 'quarantined',
  'node.release': 'released',
  'invitation.create': 'invited',
  'invitation.update': 'changed the invitation of',
  'invitation.reissue': 'made a fresh line for',
  'invitation.revoke': 'revoked the invitation of',
  'join-key.create': 'created the join key',
  'join-key.revoke': 'revoked the join key',
  'api-key.create': 'created the API key',
  'api-key.revoke': 'revoked the API key',
}

export function actionWords(action: string): string {
  return words[action] ?? action.replaceAll(/[.-]/g, ' ')
}

export const actionChoices = Object.keys(words)
