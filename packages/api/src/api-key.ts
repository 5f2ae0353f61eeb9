import { CreateApiKey, CreateApiKeyOutput, createApiKey } from '@spanwire/control/api-key/create-api-key'
import { ListApiKeys, ListApiKeysOutput, listApiKeys } from '@spanwire/control/api-key/list-api-keys'
import { RevokeApiKey, RevokeApiKeyOutput, revokeApiKey } from '@spanwire/control/api-key/revoke-api-key'
import { procedure, rest, router } from './procedure.ts'

export const apiKey = router({
  list: procedure('admin')
    .meta(rest('GET', '/api-keys', 'API keys, without the keys'))
    .input(ListApiKeys)
    .output(ListApiKeysOutput)
    .query(({ ctx, input }) => listApiKeys(ctx.control, input)),
  create: procedure('admin')
    .meta(rest('POST', '/api-keys', 'Make an API key; it is shown once'))
    .input(CreateApiKey)
    .output(CreateApiKeyOutput)
    .mutation(({ ctx, input }) => createApiKey(ctx.control, input)),
  revoke: procedure('admin')
    .meta(rest('DELETE', '/api-keys/{id}', 'End an API key'))
    .input(RevokeApiKey)
    .output(RevokeApiKeyOutput)
    .mutation(({ ctx, input }) => revokeApiKey(ctx.control, input)),
})
