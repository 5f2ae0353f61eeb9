import { CreateNetwork, CreateNetworkOutput, createNetwork } from '@spanwire/control/network/create-network'
import { DeleteNetwork, DeleteNetworkOutput, deleteNetwork } from '@spanwire/control/network/delete-network'
import { GetNetwork, GetNetworkOutput, getNetwork } from '@spanwire/control/network/get-network'
import { ListNetworks, ListNetworksOutput, listNetworks } from '@spanwire/control/network/list-networks'
import {
  PreviewNetworkDelete,
  PreviewNetworkDeleteOutput,
  previewNetworkDelete,
} from '@spanwire/control/network/preview-network-delete'
import {
  PreviewNetworkUpdate,
  PreviewNetworkUpdateOutput,
  previewNetworkUpdate,
} from '@spanwire/control/network/preview-network-update'
import { PreviewTopology, PreviewTopologyOutput, previewTopology } from '@spanwire/control/network/preview-topology'
import { ProposeNetwork, ProposeNetworkOutput, proposeNetwork } from '@spanwire/control/network/propose-network'
import { SetTopology, SetTopologyOutput, setTopology } from '@spanwire/control/network/set-topology'
import { UpdateNetwork, UpdateNetworkOutput, updateNetwork } from '@spanwire/control/network/update-network'
import { procedure, rest, router } from './procedure.ts'

export const network = router({
  list: procedure('viewer')
    .meta(rest('GET', '/networks', 'All networks, the worst first'))
    .input(ListNetworks)
    .output(ListNetworksOutput)
    .query(({ ctx, input }) => listNetworks(ctx.control, input)),
  get: procedure('viewer')
    .meta(rest('GET', '/networks/{id}', 'One network'))
    .input(GetNetwork)
    .output(GetNetworkOutput)
    .query(({ ctx, input }) => getNetwork(ctx.control, input)),
  propose: procedure('viewer')
    .meta(rest('GET', '/network-proposal', 'Ranges and settings that meet nothing known', { tag: 'networks' }))
    .input(ProposeNetwork)
    .output(ProposeNetworkOutput)
    .query(({ ctx, input }) => proposeNetwork(ctx.control, input)),
  create: procedure('admin')
    .meta(rest('POST', '/networks', 'Make a network'))
    .input(CreateNetwork)
    .output(CreateNetworkOutput)
    .mutation(({ ctx, input }) => createNetwork(ctx.control, input)),
  previewUpdate: procedure('viewer')
    .meta(rest('GET', '/networks/{id}/update-preview', 'What a change would cut'))
    .input(PreviewNetworkUpdate)
    .output(PreviewNetworkUpdateOutput)
    .query(({ ctx, input }) => previewNetworkUpdate(ctx.control, input)),
  update: procedure('admin')
    .meta(rest('PATCH', '/networks/{id}', 'Change a network'))
    .input(UpdateNetwork)
    .output(UpdateNetworkOutput)
    .mutation(({ ctx, input }) => updateNetwork(ctx.control, input)),
  previewTopology: procedure('viewer')
    .meta(rest('GET', '/networks/{id}/topology-preview', 'Which tunnels another topology makes appear and go'))
    .input(PreviewTopology)
    .output(PreviewTopologyOutput)
    .query(({ ctx, input }) => previewTopology(ctx.control, input)),
  setTopology: procedure('admin')
    .meta(rest('POST', '/networks/{id}/set-topology', 'Choose who is reached directly: hub, sites or mesh'))
    .input(SetTopology)
    .output(SetTopologyOutput)
    .mutation(({ ctx, input }) => setTopology(ctx.control, input)),
  previewDelete: procedure('viewer')
    .meta(rest('GET', '/networks/{id}/delete-preview', 'What deleting would cut'))
    .input(PreviewNetworkDelete)
    .output(PreviewNetworkDeleteOutput)
    .query(({ ctx, input }) => previewNetworkDelete(ctx.control, input)),
  delete: procedure('admin')
    .meta(rest('DELETE', '/networks/{id}', 'Delete a network; confirmName repeats its name'))
    .input(DeleteNetwork)
    .output(DeleteNetworkOutput)
    .mutation(({ ctx, input }) => deleteNetwork(ctx.control, input)),
})
