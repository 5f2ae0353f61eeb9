import { ListActivity, ListActivityOutput, listActivity } from '@spanwire/control/activity/list-activity'
import { procedure, rest, router } from './procedure.ts'

export const activity = router({
  list: procedure('viewer')
    .meta(rest('GET', '/activity', 'Who or what did what, the newest first'))
    .input(ListActivity)
    .output(ListActivityOutput)
    .query(({ ctx, input }) => listActivity(ctx.control, input)),
})
