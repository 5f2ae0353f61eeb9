/** Two organizations with the same ranges and names on one server: what a machine of one says and hears is of its own alone. */
import { expect, test } from 'vitest'
import { codeOf, enrolText, files, NONE, reportText, request, testNode, testScene } from './test-machine.ts'

async function neighbours() {
  const scene = await testScene()
  const other = await scene.otherTenant()
  const own = { gateway: await scene.join('gateway', 'gw'), member: await scene.join('member', 'home-1') }
  const theirs = {
    gateway: await scene.join('gateway', 'gw', other),
    member: await scene.join('member', 'home-1', other),
  }
  for (const node of [own.gateway, theirs.gateway]) await node.sync()
  return { scene, other, own, theirs, [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose]() }
}

test('a bundle has nothing of another tenant', async () => {
  await using both = await neighbours()
  const { scene, own, theirs } = both
  const strange = [theirs.gateway, theirs.member].flatMap(({ id, publicKey }) => [id, publicKey])
  for (const node of [own.gateway, own.member]) {
    const body = reportText(node, NONE)
    const bundle = await files(await scene.machine.sync(request(node.credential, body), { holdMs: 0 }))
    for (const text of bundle.values()) for (const id of strange) expect(text).not.toContain(id)
  }
})

test('a report writes links to peers of the own network only, whatever keys it names', async () => {
  await using both = await neighbours()
  const { scene, own, theirs } = both
  const paths = `:paths\n span0 ${theirs.member.publicKey} alive 10 90 5.0 3 0 80\n span0 ${own.member.publicKey} alive 10 90 5.0 3 0 80\n`
  await own.gateway.sync({ uptime: 100, blocks: paths })
  await scene.machine.flush()
  const links = await scene.sql<{ peer_id: string }>('SELECT peer_id FROM links')
  expect(links).toEqual([{ peer_id: own.member.id }])
})

test('a change in one network wakes nobody of the other', async () => {
  await using both = await neighbours()
  const { scene, own, theirs } = both
  const held = theirs.gateway.sync({ holdMs: 1500 })
  await scene.remove(own.member.id)
  expect((await held).status).toBe(204)
  expect((await theirs.member.sync()).status).toBe(204)
})

test('the words of a join are about the own node, whatever ids they name', async () => {
  await using both = await neighbours()
  const { scene, other, own, theirs } = both
  const step = (secret: string) =>
    scene.machine.step(
      request(
        secret,
        `spanwire step 1\nstep keys\nstate failed\ncode no-tun\nnode ${theirs.member.id}\nnetwork ${other}\n`,
      ),
    )
  expect((await step(own.member.credential)).status).toBe(204)
  const { token, nodeId } = await scene.invite('member', 'home-2')
  expect((await step(token)).status).toBe(204)
  const said = await scene.sql<{ node_id: string }>(`SELECT node_id FROM join_steps WHERE code = 'no-tun'`)
  expect(said.map(({ node_id }) => node_id).sort()).toEqual([own.member.id, nodeId].sort())
})

test('a token lets a machine into its own network only, and a credential of one tenant is none for another', async () => {
  await using both = await neighbours()
  const { scene, other, own, theirs } = both
  const { token } = await scene.invite('member', 'home-2', other)
  const body = enrolText(testNode()).replace('\n:facts', `\nnetwork ${scene.networkId}\n:facts`)
  const joined = await scene.machine.enrol(request(token, body))
  expect((await files(joined)).get('meta')).toContain(`network ${other}\n`)
  // Their credential with our key and our invitation: neither the one nor the other.
  const ours = await scene.invite('member', 'home-3')
  const mixed = {
    ...testNode(),
    credential: theirs.member.credential,
    credentialSha256: theirs.member.credentialSha256,
  }
  expect(codeOf(await scene.machine.enrol(request(ours.token, enrolText(mixed))))).toBe('key-in-use')
  // The same key in two networks is nobody's secret: each tenant may have it.
  const sameKey = { ...testNode(), publicKey: theirs.member.publicKey }
  expect((await scene.machine.enrol(request(ours.token, enrolText(sameKey)))).status).toBe(200)
  expect((await own.member.sync()).status).toBe(204)
})

test.each(['enrol', 'sync', 'step', 'script'] as const)(
  '%s knows nobody by the secret of another door',
  async (door) => {
    await using both = await neighbours()
    const { scene, own } = both
    const { token } = await scene.invite('member', 'home-2')
    const wrong = door === 'enrol' ? [own.member.credential] : door === 'step' ? [] : [token]
    for (const secret of [
      ...wrong,
      `swk_${'A'.repeat(43)}`,
      'swn_',
      '',
      `${own.member.credential} `,
      own.member.credentialSha256,
    ]) {
      const asked = request(secret, door === 'step' ? STEP : reportText(own.member))
      const answer = door === 'sync' ? await scene.machine.sync(asked, { holdMs: 0 }) : await scene.machine[door](asked)
      expect([secret.slice(0, 4), answer.status, codeOf(answer)]).toEqual([secret.slice(0, 4), 401, 'unknown'])
    }
  },
)

const STEP = 'spanwire step 1\nstep keys\nstate done\n'
