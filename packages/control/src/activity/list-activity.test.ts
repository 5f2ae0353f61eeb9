import { expect, test } from 'vitest'
import { testWorld, type World } from '../test-db.ts'
import { ListActivity, listActivity } from './list-activity.ts'

const at = new Date('2026-03-01T12:00:00.000Z')
const read = (world: World, input: object) => listActivity(world.viewer, ListActivity.parse(input))

test('pages follow each other without a gap or a repeat, also among events of one moment', async () => {
  await using world = await testWorld()
  await write(world, 7)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await read(world, { limit: 3, cursor })
    seen.push(...page.rows.map((row) => row.subjectName))
    cursor = page.nextCursor ?? undefined
    // Comes on top, where no later page looks.
    await write(world, 1, { subjectName: 'later', at: new Date(at.getTime() + 1000) })
  } while (cursor)
  expect(seen).toEqual(['n7', 'n6', 'n5', 'n4', 'n3', 'n2', 'n1'])
})

test('filters: a family of actions, a part of the actor, another organization never', async () => {
  await using world = await testWorld()
  await write(world, 1, { action: 'node.remove' })
  await write(world, 1, { action: 'nodes', actorName: 'Robin@acme.test' })
  await write(world, 1, { action: 'node.pause', organizationId: organizationOfStranger(world) })
  expect((await read(world, { action: 'node' })).rows.map((row) => row.action)).toEqual(['node.remove'])
  expect((await read(world, { actor: 'robin' })).rows.map((row) => row.action)).toEqual(['nodes'])
  expect((await read(world, {})).rows).toHaveLength(2)
})

test('a cursor that this list did not give is refused', async () => {
  await using world = await testWorld()
  await expect(read(world, { cursor: "2026-01-01'; drop" })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

function organizationOfStranger(world: World): string {
  const { actor } = world.stranger
  return 'organizationId' in actor ? (actor.organizationId ?? '') : ''
}

async function write(world: World, count: number, given: object = {}): Promise<void> {
  for (let i = 1; i <= count; i++) {
    await world.db.prisma.event.create({
      data: {
        organizationId: world.organization.id,
        at,
        actorKind: 'person',
        actorName: 'owner@acme.test',
        action: 'site.create',
        subjectKind: 'site',
        subjectName: `n${i}`,
        ...given,
      },
    })
  }
}
