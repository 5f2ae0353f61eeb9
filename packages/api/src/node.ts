import { ApproveRoute, ApproveRouteOutput, approveRoute } from '@spanwire/control/node/approve-route'
import { DrainNode, DrainNodeOutput, drainNode } from '@spanwire/control/node/drain-node'
import { GetNode, GetNodeOutput, getNode } from '@spanwire/control/node/get-node'
import { ListNodes, ListNodesOutput, listNodes } from '@spanwire/control/node/list-nodes'
import { ListRoutes, ListRoutesOutput, listRoutes } from '@spanwire/control/node/list-routes'
import { NodeLedger, NodeLedgerOutput, nodeLedger } from '@spanwire/control/node/node-ledger'
import { NodePending, NodePendingOutput, nodePending } from '@spanwire/control/node/node-pending'
import { NodePreflight, NodePreflightOutput, nodePreflight } from '@spanwire/control/node/node-preflight'
import { NodeSeries, NodeSeriesOutput, nodeSeries } from '@spanwire/control/node/node-series'
import { OfferRoute, OfferRouteOutput, offerRoute } from '@spanwire/control/node/offer-route'
import { PauseNode, PauseNodeOutput, pauseNode } from '@spanwire/control/node/pause-node'
import {
  PreviewNodeRemoval,
  PreviewNodeRemovalOutput,
  previewNodeRemoval,
} from '@spanwire/control/node/preview-node-removal'
import { RefuseRoute, RefuseRouteOutput, refuseRoute } from '@spanwire/control/node/refuse-route'
import { ReleaseNode, ReleaseNodeOutput, releaseNode } from '@spanwire/control/node/release-node'
import { RemoveNode, RemoveNodeOutput, removeNode } from '@spanwire/control/node/remove-node'
import { ResumeNode, ResumeNodeOutput, resumeNode } from '@spanwire/control/node/resume-node'
import { UndrainNode, UndrainNodeOutput, undrainNode } from '@spanwire/control/node/undrain-node'
import { UpdateNode, UpdateNodeOutput, updateNode } from '@spanwire/control/node/update-node'
import { procedure, rest, router } from './procedure.ts'

export const node = router({
  list: procedure('viewer')
    .meta(rest('GET', '/networks/{network}/nodes', 'The nodes of a network', { tag: 'nodes' }))
    .input(ListNodes)
    .output(ListNodesOutput)
    .query(({ ctx, input }) => listNodes(ctx.control, input)),
  get: procedure('viewer')
    .meta(rest('GET', '/nodes/{id}', 'One node: its facts, problems, tunnels'))
    .input(GetNode)
    .output(GetNodeOutput)
    .query(({ ctx, input }) => getNode(ctx.control, input)),
  ledger: procedure('viewer')
    .meta(rest('GET', '/nodes/{id}/ledger', 'How far its join has come'))
    .input(NodeLedger)
    .output(NodeLedgerOutput)
    .query(({ ctx, input }) => nodeLedger(ctx.control, input)),
  preflight: procedure('viewer')
    .meta(rest('GET', '/nodes/{id}/preflight', 'What stands in the way of k3s on its machine, with evidence and fix'))
    .input(NodePreflight)
    .output(NodePreflightOutput)
    .query(({ ctx, input }) => nodePreflight(ctx.control, input)),
  pending: procedure('viewer')
    .meta(rest('GET', '/nodes/{id}/pending', 'What it has not applied yet'))
    .input(NodePending)
    .output(NodePendingOutput)
    .query(({ ctx, input }) => nodePending(ctx.control, input)),
  series: procedure('viewer')
    .meta(rest('GET', '/nodes/{id}/series', 'CPU, memory, disk, load and tunnel rate over time'))
    .input(NodeSeries)
    .output(NodeSeriesOutput)
    .query(({ ctx, input }) => nodeSeries(ctx.control, input)),
  update: procedure('operator')
    .meta(rest('PATCH', '/nodes/{id}', 'Rename, relabel, move to a site, change the endpoint'))
    .input(UpdateNode)
    .output(UpdateNodeOutput)
    .mutation(({ ctx, input }) => updateNode(ctx.control, input)),
  pause: procedure('operator')
    .meta(rest('POST', '/nodes/{id}/pause', 'Take its peer off every machine, and keep the node'))
    .input(PauseNode)
    .output(PauseNodeOutput)
    .mutation(({ ctx, input }) => pauseNode(ctx.control, input)),
  resume: procedure('operator')
    .meta(rest('POST', '/nodes/{id}/resume', 'Let a paused node back in'))
    .input(ResumeNode)
    .output(ResumeNodeOutput)
    .mutation(({ ctx, input }) => resumeNode(ctx.control, input)),
  drain: procedure('operator')
    .meta(rest('POST', '/nodes/{id}/drain', 'Move those whom a gateway carries to others, without cutting anything'))
    .input(DrainNode)
    .output(DrainNodeOutput)
    .mutation(({ ctx, input }) => drainNode(ctx.control, input)),
  undrain: procedure('operator')
    .meta(rest('POST', '/nodes/{id}/undrain', 'Let a drained gateway carry again'))
    .input(UndrainNode)
    .output(UndrainNodeOutput)
    .mutation(({ ctx, input }) => undrainNode(ctx.control, input)),
  routes: procedure('viewer')
    .meta(
      rest('GET', '/networks/{network}/routes', 'LANs behind nodes: offered, approved, refused, and found', {
        tag: 'nodes',
      }),
    )
    .input(ListRoutes)
    .output(ListRoutesOutput)
    .query(({ ctx, input }) => listRoutes(ctx.control, input)),
  offerRoute: procedure('operator')
    .meta(rest('POST', '/nodes/{nodeId}/routes', 'Offer a LAN behind a node'))
    .input(OfferRoute)
    .output(OfferRouteOutput)
    .mutation(({ ctx, input }) => offerRoute(ctx.control, input)),
  approveRoute: procedure('admin')
    .meta(rest('POST', '/nodes/{nodeId}/routes/approve', 'Let the network reach a LAN behind a node'))
    .input(ApproveRoute)
    .output(ApproveRouteOutput)
    .mutation(({ ctx, input }) => approveRoute(ctx.control, input)),
  refuseRoute: procedure('operator')
    .meta(rest('POST', '/nodes/{nodeId}/routes/refuse', 'Refuse a LAN behind a node, or take it back'))
    .input(RefuseRoute)
    .output(RefuseRouteOutput)
    .mutation(({ ctx, input }) => refuseRoute(ctx.control, input)),
  release: procedure('operator')
    .meta(rest('POST', '/nodes/{id}/release', 'Let a quarantined node back in: this machine keeps the name'))
    .input(ReleaseNode)
    .output(ReleaseNodeOutput)
    .mutation(({ ctx, input }) => releaseNode(ctx.control, input)),
  previewRemove: procedure('viewer')
    .meta(rest('GET', '/nodes/{id}/removal-preview', 'What removing would cut'))
    .input(PreviewNodeRemoval)
    .output(PreviewNodeRemovalOutput)
    .query(({ ctx, input }) => previewNodeRemoval(ctx.control, input)),
  remove: procedure('operator')
    .meta(rest('DELETE', '/nodes/{id}', 'Remove a node; its machine cleans up when it calls'))
    .input(RemoveNode)
    .output(RemoveNodeOutput)
    .mutation(({ ctx, input }) => removeNode(ctx.control, input)),
})
