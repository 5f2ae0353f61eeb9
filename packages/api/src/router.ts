/** The operators' surface: one room a line. */
import { activity } from './activity.ts'
import { apiKey } from './api-key.ts'
import { cluster } from './cluster.ts'
import { device } from './device.ts'
import { invitation } from './invitation.ts'
import { joinKey } from './join-key.ts'
import { live } from './live.ts'
import { me } from './me.ts'
import { member } from './member.ts'
import { network } from './network.ts'
import { node } from './node.ts'
import { paths } from './paths.ts'
import { policy } from './policy.ts'
import { router } from './procedure.ts'
import { setup } from './setup.ts'
import { site } from './site.ts'
import { topology } from './topology.ts'

export const appRouter = router({
  setup,
  me,
  network,
  site,
  device,
  node,
  paths,
  cluster,
  policy,
  invitation,
  joinKey,
  topology,
  activity,
  apiKey,
  member,
  live,
})

export type AppRouter = typeof appRouter
