import { AddMember, AddMemberOutput, addMember } from '@spanwire/control/member/add-member'
import { ListMembers, ListMembersOutput, listMembers } from '@spanwire/control/member/list-members'
import { RemoveMember, RemoveMemberOutput, removeMember } from '@spanwire/control/member/remove-member'
import { SetMemberRole, SetMemberRoleOutput, setMemberRole } from '@spanwire/control/member/set-member-role'
import { procedure, rest, router } from './procedure.ts'

export const member = router({
  list: procedure('viewer')
    .meta(rest('GET', '/members', 'Who belongs to the organization'))
    .input(ListMembers)
    .output(ListMembersOutput)
    .query(({ ctx, input }) => listMembers(ctx.control, input)),
  add: procedure('admin')
    .meta(rest('POST', '/members', 'Make an account with a first password'))
    .input(AddMember)
    .output(AddMemberOutput)
    .mutation(({ ctx, input }) => addMember(ctx.control, input)),
  setRole: procedure('admin')
    .meta(rest('PATCH', '/members/{userId}', 'Give a member another role, of at most your own'))
    .input(SetMemberRole)
    .output(SetMemberRoleOutput)
    .mutation(({ ctx, input }) => setMemberRole(ctx.control, input)),
  remove: procedure('admin')
    .meta(rest('DELETE', '/members/{userId}', 'Take somebody out of the organization'))
    .input(RemoveMember)
    .output(RemoveMemberOutput)
    .mutation(({ ctx, input }) => removeMember(ctx.control, input)),
})
