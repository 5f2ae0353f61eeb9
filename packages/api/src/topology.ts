import { GetTopology, GetTopologyOutput, getTopology } from '@spanwire/control/topology/get-topology'
import { procedure, rest, router } from './procedure.ts'

export const topology = router({
  get: procedure('viewer')
    .meta(rest('GET', '/networks/{network}/topology', 'What is connected to what, as measured', { tag: 'networks' }))
    .input(GetTopology)
    .output(GetTopologyOutput)
    .query(({ ctx, input }) => getTopology(ctx.control, input)),
})
