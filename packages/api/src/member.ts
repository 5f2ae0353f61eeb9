import { ListMembers, ListMembersOutput, listMembers } from '@spanwire/control/member/list-members'
import { procedure, rest, router } from './procedure.ts'

export const member = router({
  list: procedure('viewer')
    .meta(rest('GET', '/members', 'Who belongs to the organization'))
    .input(ListMembers)
    .output(ListMembersOutput)
    .query(({ ctx, input }) => listMembers(ctx.control, input)),
})
