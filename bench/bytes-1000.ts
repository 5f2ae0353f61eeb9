import { holdAll } from './hold-all.ts'
import type { Measurement } from './measurement.ts'
import { CROWD, type Stage } from './stage.ts'
import { wakeBare } from './wake-bare.ts'

/**
 * A bundle is whole: a node that missed any number of changes is right again after one answer, and the server need not know what
 * it missed. This is what that costs beside the files that changed (here peers, meta and the checksums), plain, by node:http.
 * The median of the 1,000 nodes; the bytes are the same at each run, so there is one round.
 */
export async function bytes1000(stage: Stage): Promise<Measurement> {
  const [server, bare, { crowd, change }] = await Promise.all([stage.server(), stage.bare(), stage.network()])
  stage.say('counting the bytes of a change')
  // The first is what the second is compared with.
  await holdAll(crowd, server, CROWD)
  await change()
  await holdAll(crowd, server, CROWD)
  const { bytes, changedText } = await change()
  await holdAll(crowd, bare, CROWD)
  const reference = await wakeBare(crowd, bare, changedText)
  await crowd.leave()
  return { value: bytes, unit: 'bytes/node', reference: reference.bytes }
}
