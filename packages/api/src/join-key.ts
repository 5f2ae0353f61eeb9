import { CreateJoinKey, CreateJoinKeyOutput, createJoinKey } from '@spanwire/control/join-key/create-join-key'
import { ListJoinKeys, ListJoinKeysOutput, listJoinKeys } from '@spanwire/control/join-key/list-join-keys'
import { RevokeJoinKey, RevokeJoinKeyOutput, revokeJoinKey } from '@spanwire/control/join-key/revoke-join-key'
import { procedure, rest, router } from './procedure.ts'

export const joinKey = router({
  list: procedure('viewer')
    .meta(rest('GET', '/networks/{network}/join-keys', 'Join keys of a network', { tag: 'join-keys' }))
    .input(ListJoinKeys)
    .output(ListJoinKeysOutput)
    .query(({ ctx, input }) => listJoinKeys(ctx.control, input)),
  create: procedure('admin')
    .meta(rest('POST', '/join-keys', 'Make a key for many machines; it is shown once'))
    .input(CreateJoinKey)
    .output(CreateJoinKeyOutput)
    .mutation(({ ctx, input }) => createJoinKey(ctx.control, input)),
  revoke: procedure('admin')
    .meta(rest('DELETE', '/join-keys/{id}', 'End a join key; its nodes stay'))
    .input(RevokeJoinKey)
    .output(RevokeJoinKeyOutput)
    .mutation(({ ctx, input }) => revokeJoinKey(ctx.control, input)),
})
