import { AcceptInvitation, AcceptInvitationOutput, acceptInvitation } from '@spanwire/control/member/accept-invitation'
import { AddMember, AddMemberOutput, addMember } from '@spanwire/control/member/add-member'
import { InviteMember, InviteMemberOutput, inviteMember } from '@spanwire/control/member/invite-member'
import {
  ListMemberInvitations,
  ListMemberInvitationsOutput,
  listMemberInvitations,
} from '@spanwire/control/member/list-member-invitations'
import { ListMembers, ListMembersOutput, listMembers } from '@spanwire/control/member/list-members'
import { LookAtInvitation, LookAtInvitationOutput, lookAtInvitation } from '@spanwire/control/member/look-at-invitation'
import { RemoveMember, RemoveMemberOutput, removeMember } from '@spanwire/control/member/remove-member'
import {
  RevokeMemberInvitation,
  RevokeMemberInvitationOutput,
  revokeMemberInvitation,
} from '@spanwire/control/member/revoke-member-invitation'
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
  invite: procedure('admin')
    .meta(
      rest('POST', '/member-invitations', 'Make a link by which somebody makes an account, once', { tag: 'members' }),
    )
    .input(InviteMember)
    .output(InviteMemberOutput)
    .mutation(({ ctx, input }) => inviteMember(ctx.control, input)),
  invitations: procedure('admin')
    .meta(rest('GET', '/member-invitations', 'Links that were made, the newest first', { tag: 'members' }))
    .input(ListMemberInvitations)
    .output(ListMemberInvitationsOutput)
    .query(({ ctx, input }) => listMemberInvitations(ctx.control, input)),
  revokeInvitation: procedure('admin')
    .meta(rest('DELETE', '/member-invitations/{id}', 'Take a link back that nobody used', { tag: 'members' }))
    .input(RevokeMemberInvitation)
    .output(RevokeMemberInvitationOutput)
    .mutation(({ ctx, input }) => revokeMemberInvitation(ctx.control, input)),
  /** Of who has the link. A mutation, so that the token stands in no address. */
  invitation: procedure('public')
    .input(LookAtInvitation)
    .output(LookAtInvitationOutput)
    .mutation(({ ctx, input }) => lookAtInvitation(ctx.control, input)),
  accept: procedure('public')
    .input(AcceptInvitation)
    .output(AcceptInvitationOutput)
    .mutation(({ ctx, input }) => acceptInvitation(ctx.control, input)),
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
