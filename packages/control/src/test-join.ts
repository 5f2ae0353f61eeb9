/** A machine that has joined, put straight into the tables: for tests of verbs, which do not care how it came there. */
import { randomBytes } from 'node:crypto'
import type { Context } from './context.ts'
import { createInvitation } from './invitation/create-invitation.ts'
import { updateInvitation } from './invitation/update-invitation.ts'
import { createNetwork } from './network/create-network.ts'
import { hashToken } from './secrets.ts'
import type { World } from './test-db.ts'

export type TestNode = {
  readonly id: string
  readonly name: string
  readonly ordinal: number
  readonly credential: string
}

export async function testNetwork(world: World, name = 'home-lab', cidr4 = '10.77.0.0/16'): Promise<{ id: string }> {
  return createNetwork(world.admin, { name, cidr4 })
}

/** The first of a network is its gateway. */
export async function joinNode(
  world: World,
  networkId: string,
  name: string,
  change: { role?: 'gateway' | 'member'; siteId?: string } = {},
): Promise<TestNode> {
  const { nodeId, role: proposed } = await createInvitation(world.operator, { networkId })
  const role = change.role ?? proposed
  const endpoint = role === 'gateway' ? `198.51.100.${1 + Math.floor(Math.random() * 250)}:51820` : null
  await updateInvitation(world.operator, { nodeId, name, role, endpoint, siteId: change.siteId })
  return enrol(world.operator, networkId, nodeId, name)
}

async function enrol(ctx: Context, networkId: string, nodeId: string, name: string): Promise<TestNode> {
  const credential = `swn_${randomBytes(32).toString('hex')}`
  const ordinal = (await ctx.db.prisma.addressLease.count({ where: { networkId } })) + 1
  await ctx.db.prisma.addressLease.create({ data: { networkId, ordinal, nodeId } })
  await ctx.db.prisma.joinToken.updateMany({ where: { nodeId }, data: { uses: 1 } })
  await ctx.db.prisma.node.update({
    where: { id: nodeId },
    data: {
      state: 'active',
      ordinal,
      publicKey: randomBytes(32).toString('base64'),
      credentialHash: hashToken(credential),
      tombstoneProof: ctx.seal.encrypt('swt_proof', `tombstone ${nodeId}`),
      enrolledAt: ctx.now(),
    },
  })
  await ctx.db.prisma.joinStep.create({ data: { nodeId, step: 'reachable', confirmedAt: ctx.now() } })
  return { id: nodeId, name, ordinal, credential }
}
