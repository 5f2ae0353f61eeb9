/**
 * For each procedure an input that names things of one tenant; the tests call it as somebody of another. A procedure that is not
 * here fails them, and so does one that takes an id which no example names.
 */
import { defaultClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'

export type TenantIds = {
  readonly network: string
  readonly networkName: string
  readonly site: string
  readonly gateway: string
  readonly invited: string
  readonly paused: string
  readonly quarantined: string
  readonly joinKey: string
  readonly apiKey: string
  readonly member: string
  readonly memberInvitation: string
  /** without a cluster */
  readonly bareNetwork: string
  /** without nodes; a version of its policy is on trial */
  readonly trialNetwork: string
  /** one of two in a network of their own */
  readonly twinGateway: string
  /** its next keys wait for its peers */
  readonly rotating: string
  readonly clusterName: string
  /** in the cluster */
  readonly agent: string
  /** on its way out of it, at a step that failed */
  readonly leaving: string
  readonly device: string
  /** of the owner, in PEM */
  readonly csr: string
  /** signed, and not fetched yet */
  readonly kubeconfig: string
}

/** Writes about what is one's own, which a viewer may do too. */
export const OWN_THINGS = [
  'device.create',
  'device.confirmFile',
  'device.revoke',
  'cluster.requestKubeconfig',
  'cluster.downloadKubeconfig',
]

/** Change nothing; what they take is too long for an address. */
export const LONG_QUESTIONS = ['policy.check', 'policy.explain']

type Example = {
  readonly input: (ids: TenantIds) => Record<string, unknown>
  /** Ids of the other tenant among the own ones: a door that checks only the first. */
  readonly mixed?: (own: TenantIds, other: TenantIds) => Record<string, unknown>
}

/** Takes no id: answers of the actor's own organization only. */
const nothing: Example = { input: () => ({}) }

const SETTINGS = defaultClusterSettings('k3s', { kind: 'version', version: 'v1.33.4+k3s1' })

const CHANGED = { ...SETTINGS, tlsSans: ['k3s.example.org'] }

const byNetwork: Example = { input: ({ network }) => ({ network }) }
const byNetworkId: Example = { input: ({ network }) => ({ networkId: network }) }
const byGateway: Example = { input: ({ gateway }) => ({ id: gateway }) }

export const exampleInputs: Readonly<Record<string, Example>> = {
  'setup.state': nothing,
  'setup.createOwner': {
    input: () => ({
      name: 'Eve',
      email: 'eve@example.org',
      password: 'a long enough password',
      organizationName: 'Eves',
    }),
  },
  'me.get': nothing,
  'network.list': nothing,
  'network.get': { input: ({ network }) => ({ id: network }) },
  'network.propose': nothing,
  'network.create': { input: () => ({ name: 'made-by-example', cidr4: '10.201.0.0/16' }) },
  'network.previewUpdate': { input: ({ network }) => ({ id: network, mtu: 1400 }) },
  'network.update': { input: ({ network }) => ({ id: network, mtu: 1400 }) },
  'network.previewTopology': { input: ({ network }) => ({ id: network, topology: 'mesh' }) },
  'network.setTopology': { input: ({ network }) => ({ id: network, topology: 'sites' }) },
  'network.previewDelete': { input: ({ network }) => ({ id: network }) },
  'network.delete': { input: ({ network, networkName }) => ({ id: network, confirmName: networkName }) },
  'site.list': byNetwork,
  'site.create': { input: ({ network }) => ({ networkId: network, name: 'attic' }) },
  'site.update': { input: ({ site }) => ({ id: site, name: 'cellar', zone: 'rack2' }) },
  'site.proposeGateways': { input: ({ site }) => ({ id: site }) },
  'site.setGateways': {
    input: ({ site, gateway }) => ({ id: site, gateways: [gateway] }),
    mixed: (own, other) => ({ id: own.site, gateways: [other.gateway] }),
  },
  'site.delete': { input: ({ site }) => ({ id: site }) },
  'node.list': byNetwork,
  'node.get': byGateway,
  'node.ledger': byGateway,
  'node.preflight': byGateway,
  'node.pending': byGateway,
  'node.series': { input: ({ gateway }) => ({ id: gateway, range: '1h' }) },
  'node.update': {
    input: ({ gateway }) => ({ id: gateway, name: 'gate-renamed' }),
    mixed: (own, other) => ({ id: own.gateway, siteId: other.site }),
  },
  'node.pause': byGateway,
  'node.resume': { input: ({ paused }) => ({ id: paused }) },
  'node.drain': { input: ({ twinGateway }) => ({ id: twinGateway }) },
  'node.undrain': { input: ({ twinGateway }) => ({ id: twinGateway }) },
  'node.keys': byGateway,
  'node.rotateKeys': { input: ({ twinGateway }) => ({ id: twinGateway }) },
  'node.goOnRotating': { input: ({ rotating }) => ({ id: rotating }) },
  'node.stopRotating': { input: ({ rotating }) => ({ id: rotating }) },
  'node.routes': byNetwork,
  'node.offerRoute': { input: ({ agent }) => ({ nodeId: agent, prefix: '192.168.70.0/24' }) },
  'node.approveRoute': { input: ({ agent }) => ({ nodeId: agent, prefix: '192.168.70.0/24' }) },
  'node.refuseRoute': { input: ({ agent }) => ({ nodeId: agent, prefix: '192.168.70.0/24' }) },
  'paths.matrix': {
    input: ({ network, site }) => ({ network, site }),
    mixed: (_, other) => ({ network: other.network }),
  },
  'paths.explain': {
    input: ({ network, gateway, agent }) => ({ network, fromId: gateway, toId: agent }),
    mixed: (own, other) => ({ network: own.network, fromId: own.gateway, toId: other.gateway }),
  },
  'paths.mtu': byNetwork,
  'paths.history': { input: ({ network, gateway, agent }) => ({ network, fromId: gateway, toId: agent }) },
  'node.release': { input: ({ quarantined }) => ({ id: quarantined }) },
  'node.previewRemove': byGateway,
  'node.remove': { input: ({ gateway }) => ({ id: gateway, force: true, abandonCluster: true }) },
  'device.list': { input: ({ network }) => ({ networkId: network }) },
  'device.create': {
    input: ({ network }) => ({
      networkId: network,
      name: 'laptop',
      publicKey: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=',
      expiresInDays: 30,
    }),
  },
  'device.config': { input: ({ device }) => ({ id: device }) },
  'device.confirmFile': { input: ({ device }) => ({ id: device }) },
  'device.revoke': { input: ({ device }) => ({ id: device }) },
  'cluster.requestKubeconfig': { input: ({ network, csr }) => ({ networkId: network, csr }) },
  'cluster.kubeconfigState': { input: ({ kubeconfig }) => ({ id: kubeconfig }) },
  'cluster.downloadKubeconfig': { input: ({ kubeconfig }) => ({ id: kubeconfig }) },
  'cluster.propose': { input: ({ network }) => ({ networkId: network }) },
  'cluster.get': { input: ({ network }) => ({ networkId: network }) },
  'cluster.create': {
    input: ({ bareNetwork }) => ({
      networkId: bareNetwork,
      settings: { ...SETTINGS, podRange4: '10.44.0.0/16', serviceRange4: '10.45.0.0/16' },
    }),
  },
  'cluster.previewUpdate': { input: ({ network }) => ({ networkId: network, settings: CHANGED }) },
  'cluster.update': { input: ({ network }) => ({ networkId: network, settings: CHANGED }) },
  'cluster.resumeRollout': { input: ({ network }) => ({ networkId: network }) },
  'cluster.abortRollout': { input: ({ network }) => ({ networkId: network }) },
  'cluster.delete': { input: ({ network, clusterName }) => ({ networkId: network, confirmName: clusterName }) },
  'cluster.setNode': { input: ({ invited }) => ({ nodeId: invited, role: 'agent' }) },
  'cluster.serverVerdict': { input: ({ agent }) => ({ nodeId: agent }) },
  'cluster.previewRemoveNode': { input: ({ agent }) => ({ nodeId: agent }) },
  'cluster.removeNode': { input: ({ agent }) => ({ nodeId: agent }) },
  'cluster.repeatRemovalStep': { input: ({ leaving }) => ({ nodeId: leaving, step: 'cordon' }) },
  'cluster.skipRemovalStep': { input: ({ leaving }) => ({ nodeId: leaving, step: 'cordon' }) },
  'cluster.forgetPassword': { input: ({ agent }) => ({ nodeId: agent }) },
  'policy.get': byNetworkId,
  'policy.check': { input: ({ network }) => ({ networkId: network, text: '{ "acls": [] }' }) },
  'policy.save': {
    input: ({ bareNetwork }) => ({ networkId: bareNetwork, text: '{ "acls": [] }', acceptClusterWarnings: true }),
  },
  'policy.confirm': byNetworkId,
  'policy.return': { input: ({ trialNetwork }) => ({ networkId: trialNetwork }) },
  'policy.versions': byNetworkId,
  'policy.compare': { input: ({ network }) => ({ networkId: network, from: 0, to: 1 }) },
  'policy.restore': { input: ({ network }) => ({ networkId: network, number: 1, acceptClusterWarnings: true }) },
  'policy.explain': {
    input: ({ network }) => ({ networkId: network, from: 'node:gate', to: 'node:member-1', proto: 'tcp', port: 22 }),
  },
  'policy.matrix': byNetworkId,
  'policy.cells': { input: ({ network }) => ({ networkId: network, row: 0, column: 0 }) },
  'policy.activity': { input: ({ network, gateway }) => ({ networkId: network, nodeId: gateway }) },
  'invitation.list': byNetwork,
  'invitation.create': { input: ({ network }) => ({ networkId: network }) },
  'invitation.update': {
    input: ({ invited }) => ({ nodeId: invited, name: 'next-renamed' }),
    mixed: (own, other) => ({ nodeId: own.invited, siteId: other.site }),
  },
  'invitation.reissue': { input: ({ invited }) => ({ nodeId: invited }) },
  'invitation.revoke': { input: ({ invited }) => ({ nodeId: invited }) },
  'joinKey.list': byNetwork,
  'joinKey.create': {
    input: ({ network }) => ({ networkId: network, name: 'images', maxUses: 5, expiresInHours: 24 }),
    mixed: (own, other) => ({
      networkId: own.network,
      name: 'images',
      maxUses: 5,
      expiresInHours: 24,
      siteId: other.site,
    }),
  },
  'joinKey.revoke': { input: ({ joinKey }) => ({ id: joinKey }) },
  'topology.get': byNetwork,
  'activity.list': { input: ({ network }) => ({ network }) },
  'apiKey.list': nothing,
  'apiKey.create': { input: () => ({ name: 'script', role: 'viewer', expiresInDays: 30 }) },
  'apiKey.revoke': { input: ({ apiKey }) => ({ id: apiKey }) },
  'member.list': nothing,
  'member.add': {
    input: () => ({ name: 'Kim', email: 'kim@example.org', password: 'a long enough password', role: 'viewer' }),
  },
  'member.invite': { input: () => ({ role: 'viewer', email: 'lee@example.org', expiresInHours: 24 }) },
  'member.invitations': nothing,
  'member.revokeInvitation': { input: ({ memberInvitation }) => ({ id: memberInvitation }) },
  'member.invitation': { input: () => ({ token: 'swi_never' }) },
  'member.accept': {
    input: () => ({ token: 'swi_never', name: 'Lee', email: 'lee@example.org', password: 'a long enough password' }),
  },
  'member.setRole': { input: ({ member }) => ({ userId: member, role: 'operator' }) },
  'member.remove': { input: ({ member }) => ({ userId: member }) },
  'live.hints': byNetwork,
}
