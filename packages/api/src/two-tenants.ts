/** Two organizations with one of everything that has an id, for the tests that walk the router. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Context } from '@spanwire/control/context'
import { testTrial } from '@spanwire/control/policy/test-trial'
import { testCertificate, testRequest } from '@spanwire/control/test-certificate'
import { testCluster } from '@spanwire/control/test-cluster'
import { testWorld, type World } from '@spanwire/control/test-db'
import { testFleet } from '@spanwire/control/test-fleet'
import { groupOf } from '@spanwire/mesh/cluster/person-group'
import type { ApiContext } from './context.ts'
import type { TenantIds } from './example-inputs.ts'

export type TwoTenants = AsyncDisposable & {
  readonly world: World
  readonly own: TenantIds
  readonly other: TenantIds
  /** What the procedures logged as unexpected. */
  readonly logged: unknown[]
  context(control: Context): ApiContext
}

export async function twoTenants(): Promise<TwoTenants> {
  const world = await testWorld()
  // A server that reported when the test began reports to its end, however busy the machine is.
  world.setNow(new Date())
  const { actor } = world.stranger
  const stranger = 'organizationId' in actor ? (actor.organizationId ?? '') : ''
  const logged: unknown[] = []
  return {
    world,
    own: await furnish(world, world.organization.id, '10.1.0.0/16', 'owner@acme.test'),
    other: await furnish(world, stranger, '10.2.0.0/16', 'owner@globex.test'),
    logged,
    context: (control) => ({ control, logError: (error) => void logged.push(error) }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

async function furnish(
  { db, services }: World,
  organization: string,
  cidr4: string,
  owner: string,
): Promise<TenantIds> {
  const fleet = await testFleet(db, { organization, members: 4, at: new Date(), cidr4 })
  const [paused, quarantined] = [fleet.member(1), fleet.member(2)]
  await db.prisma.node.update({ where: { id: paused }, data: { state: 'paused' } })
  await db.prisma.node.update({
    where: { id: quarantined },
    data: { state: 'quarantined', quarantineReason: 'two machines use one credential' },
  })
  const [agent, leaving] = [fleet.member(3), fleet.member(4)]
  const bare = await db.prisma.network.create({
    data: { organizationId: organization, name: 'bare', cidr4: cidr4.replace('10.', '10.10'), cidr6: 'fd00:65::/48' },
  })
  const tried = await db.prisma.network.create({
    data: { organizationId: organization, name: 'tried', cidr4: cidr4.replace('10.', '10.21'), cidr6: 'fd00:66::/48' },
  })
  const twins = await testFleet(db, {
    organization,
    members: 2,
    at: new Date(),
    name: 'twins',
    cidr4: cidr4.replace('10.', '10.22'),
  })
  await db.prisma.node.update({ where: { id: twins.gateway }, data: { gatewayNumber: 1 } })
  await db.prisma.node.update({
    where: { id: twins.member(1) },
    data: { role: 'gateway', endpoint: '203.0.113.8:51820', gatewayNumber: 2 },
  })
  await testTrial(db, fleet.network)
  await testTrial(db, tried.id)
  await testCluster(db, { network: fleet.network, server: fleet.gateway, agents: [agent, leaving], at: new Date() })
  const failed = { cordon: { state: 'failed', text: 'no', at: new Date().toISOString() } }
  await db.prisma.clusterNode.update({ where: { nodeId: leaving }, data: { removal: failed } })
  const hour = new Date(Date.now() + 3600_000)
  const invited = await db.prisma.node.create({
    data: { networkId: fleet.network, name: 'next', role: 'member', state: 'invited', createdBy: 'test' },
  })
  const token = { networkId: fleet.network, expiresAt: hour, createdBy: 'test' }
  await db.prisma.joinToken.create({
    data: { ...token, kind: 'invitation', nodeId: invited.id, hash: hash(), maxUses: 1 },
  })
  const joinKey = await db.prisma.joinToken.create({
    data: { ...token, kind: 'join_key', name: 'golden image', hash: hash(), maxUses: 10 },
  })
  const apiKey = await db.prisma.apiKey.create({
    data: {
      organizationId: organization,
      name: 'ci',
      role: 'viewer',
      hash: hash(),
      hint: 'abcdefgh',
      createdBy: 'test',
      expiresAt: hour,
    },
  })
  const person = await db.prisma.user.create({
    data: { email: `${organization}@example.test`, name: 'Sam', passwordHash: '-' },
  })
  await db.prisma.membership.create({ data: { userId: person.id, organizationId: organization, role: 'viewer' } })
  const invitation = await db.prisma.memberInvitation.create({
    data: { organizationId: organization, role: 'viewer', hash: hash(), createdBy: 'test', expiresAt: hour },
  })
  const device = await db.prisma.device.create({
    data: {
      networkId: fleet.network,
      userId: person.id,
      name: 'phone',
      ordinal: 200,
      publicKey: 'A'.repeat(43).concat('='),
    },
  })
  const { id: ownerId } = await db.prisma.user.findUniqueOrThrow({ where: { email: owner }, select: { id: true } })
  const subject = { commonName: owner, organization: groupOf(ownerId) }
  const { pem, spki } = testRequest(subject)
  const signed = await db.prisma.nodeRequest.create({
    data: {
      nodeId: fleet.gateway,
      kind: 'k3s-sign',
      args: ['a', '43200'],
      input: pem,
      timeoutSeconds: 60,
      askedBy: owner,
      state: 'done',
      secret: services.seal.encrypt(testCertificate(spki, subject, new Date()), 'k3s token'),
      expiresAt: hour,
    },
  })
  await db.prisma.keyRotation.create({
    data: {
      ...{ nodeId: agent, id: randomUUID(), state: 'staging', wantsDirect: false, startedBy: 'test' },
      ...{ startedAt: new Date(), nextKey: 'B'.repeat(42).concat('A=') },
    },
  })
  return {
    network: fleet.network,
    networkName: fleet.name,
    site: fleet.site,
    gateway: fleet.gateway,
    invited: invited.id,
    paused,
    quarantined,
    joinKey: joinKey.id,
    apiKey: apiKey.id,
    member: person.id,
    memberInvitation: invitation.id,
    bareNetwork: bare.id,
    trialNetwork: tried.id,
    twinGateway: twins.gateway,
    rotating: agent,
    clusterName: 'k3s',
    agent,
    leaving,
    device: device.id,
    csr: testRequest(subject).pem,
    kubeconfig: signed.id,
  }
}

const hash = (): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(32))
