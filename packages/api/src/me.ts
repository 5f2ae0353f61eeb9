import { GetMe, GetMeOutput, getMe } from '@spanwire/control/member/get-me'
import { procedure, rest, router } from './procedure.ts'
import { version } from './version.ts'

export const me = router({
  get: procedure('viewer')
    .meta(rest('GET', '/me', 'Who this key or session is'))
    .input(GetMe)
    .output(GetMeOutput)
    .query(({ ctx }) => getMe(ctx.control, version)),
})
