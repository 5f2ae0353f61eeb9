import { expect, test } from 'vitest'
import { createNetwork } from '../network/create-network.ts'
import { updateNetwork } from '../network/update-network.ts'
import { testCluster } from '../test-cluster.ts'
import { testWorld } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { createCluster } from './create-cluster.ts'
import { proposeCluster } from './propose-cluster.ts'
import { updateCluster } from './update-cluster.ts'

test('clusters that are made at once are not given the same ranges', async () => {
  await using world = await testWorld()
  const networks = [
    await testNetwork(world),
    await createNetwork(world.admin, { name: 'other', cidr4: '10.78.0.0/16' }),
  ]
  const proposals = await Promise.all(networks.map(({ id }) => proposeCluster(world.admin, { networkId: id })))
  expect(proposals[0]?.settings.podRange4).toBe(proposals[1]?.settings.podRange4)
  const made = await Promise.allSettled(
    networks.map(({ id }, i) =>
      createCluster(world.admin, { networkId: id, settings: proposals[i]!.settings, datastoreEndpoint: null }),
    ),
  )
  expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(made.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'BAD_REQUEST', field: expect.stringMatching(/^settings\./) },
  })
})

test('networks that are made at once are not given the same range', async () => {
  await using world = await testWorld()
  const made = await Promise.allSettled(
    ['one', 'two', 'three'].map((name) => createNetwork(world.admin, { name, cidr4: '10.90.0.0/16' })),
  )
  expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
})

test('a network takes no range of a cluster, its own or another', async () => {
  await using world = await testWorld()
  const network = await testNetwork(world)
  const { settings } = await proposeCluster(world.admin, { networkId: network.id })
  await createCluster(world.admin, { networkId: network.id, settings, datastoreEndpoint: null })
  const cidr4 = settings.podRange4
  const refused = { code: 'CONFLICT', field: 'cidr4', message: expect.stringContaining(`the cluster ${settings.name}`) }
  await expect(createNetwork(world.admin, { name: 'other', cidr4 })).rejects.toMatchObject(refused)
  await expect(updateNetwork(world.admin, { id: network.id, cidr4 })).rejects.toMatchObject(refused)
})

test("what a cluster's own machines report of it stands in no change's way", async () => {
  await using world = await testWorld()
  const network = await testNetwork(world)
  const node = await joinNode(world, network.id, 'gw')
  const { settings } = await proposeCluster(world.admin, { networkId: network.id })
  await testCluster(world.db, { network: network.id, server: node.id, agents: [], at: new Date(), settings })
  await world.db.prisma.nodeStatus.create({
    data: {
      nodeId: node.id,
      reportedAt: new Date(),
      instance: 'a.1',
      appliedEpoch: 1,
      appliedRevision: 1,
      appliedView: '-',
      scriptVersion: '0.1.0',
      uptimeSeconds: 1,
      clockSkewMs: 0,
      facts: {
        address: 'eth0 192.168.1.5/24\ncni0 10.42.0.1/24\nflannel.1 10.42.0.0/32',
        route: '10.42.0.0/24\n10.42.1.0/24',
      },
    },
  })
  const changed = { ...settings, disable: ['traefik' as const] }
  const { findings } = await proposeCluster(world.admin, { networkId: network.id, settings: changed })
  expect(findings.filter(({ field }) => /Range/.test(field))).toEqual([])
  await updateCluster(world.admin, { networkId: network.id, settings: changed, datastoreEndpoint: undefined })
  // What else it is on still counts.
  const lan = { ...settings, podRange4: '192.168.0.0/16' }
  const judged = await proposeCluster(world.admin, { networkId: network.id, settings: lan })
  expect(judged.findings.map(({ text }) => text).join()).toContain('the node gw')
})
