import {
  CreateInvitation,
  CreateInvitationOutput,
  createInvitation,
} from '@spanwire/control/invitation/create-invitation'
import { ListInvitations, ListInvitationsOutput, listInvitations } from '@spanwire/control/invitation/list-invitations'
import {
  ReissueInvitation,
  ReissueInvitationOutput,
  reissueInvitation,
} from '@spanwire/control/invitation/reissue-invitation'
import {
  RevokeInvitation,
  RevokeInvitationOutput,
  revokeInvitation,
} from '@spanwire/control/invitation/revoke-invitation'
import {
  UpdateInvitation,
  UpdateInvitationOutput,
  updateInvitation,
} from '@spanwire/control/invitation/update-invitation'
import { procedure, rest, router } from './procedure.ts'

export const invitation = router({
  list: procedure('viewer')
    .meta(rest('GET', '/networks/{network}/invitations', 'Invitations of a network', { tag: 'invitations' }))
    .input(ListInvitations)
    .output(ListInvitationsOutput)
    .query(({ ctx, input }) => listInvitations(ctx.control, input)),
  create: procedure('operator')
    .meta(rest('POST', '/invitations', 'Make a node and the single-use token that lets one machine be it'))
    .input(CreateInvitation)
    .output(CreateInvitationOutput)
    .mutation(({ ctx, input }) => createInvitation(ctx.control, input)),
  update: procedure('operator')
    .meta(rest('PATCH', '/invitations/{nodeId}', 'Change the node before its machine joins'))
    .input(UpdateInvitation)
    .output(UpdateInvitationOutput)
    .mutation(({ ctx, input }) => updateInvitation(ctx.control, input)),
  reissue: procedure('operator')
    .meta(rest('POST', '/invitations/{nodeId}/reissue', 'A fresh token; the one before it ends'))
    .input(ReissueInvitation)
    .output(ReissueInvitationOutput)
    .mutation(({ ctx, input }) => reissueInvitation(ctx.control, input)),
  revoke: procedure('operator')
    .meta(rest('DELETE', '/invitations/{nodeId}', 'End an invitation'))
    .input(RevokeInvitation)
    .output(RevokeInvitationOutput)
    .mutation(({ ctx, input }) => revokeInvitation(ctx.control, input)),
})
