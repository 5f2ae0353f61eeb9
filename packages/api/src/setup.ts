import { CreateOwner, CreateOwnerOutput, createOwner } from '@spanwire/control/setup/create-owner'
import { GetSetupState, GetSetupStateOutput, getSetupState } from '@spanwire/control/setup/get-setup-state'
import { procedure, router } from './procedure.ts'

/** The first visit. Without a REST door: `npm run admin` does it for scripts. */
export const setup = router({
  state: procedure('public')
    .input(GetSetupState)
    .output(GetSetupStateOutput)
    .query(({ ctx }) => getSetupState(ctx.control)),
  createOwner: procedure('public')
    .input(CreateOwner)
    .output(CreateOwnerOutput)
    .mutation(({ ctx, input }) => createOwner(ctx.control, input)),
})
