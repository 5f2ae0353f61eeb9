import { CreateSite, CreateSiteOutput, createSite } from '@spanwire/control/site/create-site'
import { DeleteSite, DeleteSiteOutput, deleteSite } from '@spanwire/control/site/delete-site'
import { ListSites, ListSitesOutput, listSites } from '@spanwire/control/site/list-sites'
import {
  ProposeSiteGateways,
  ProposeSiteGatewaysOutput,
  proposeSiteGateways,
} from '@spanwire/control/site/propose-site-gateways'
import { SetSiteGateways, SetSiteGatewaysOutput, setSiteGateways } from '@spanwire/control/site/set-site-gateways'
import { UpdateSite, UpdateSiteOutput, updateSite } from '@spanwire/control/site/update-site'
import { procedure, rest, router } from './procedure.ts'

export const site = router({
  list: procedure('viewer')
    .meta(rest('GET', '/networks/{network}/sites', 'The sites of a network', { tag: 'sites' }))
    .input(ListSites)
    .output(ListSitesOutput)
    .query(({ ctx, input }) => listSites(ctx.control, input)),
  create: procedure('operator')
    .meta(rest('POST', '/sites', 'Make a site'))
    .input(CreateSite)
    .output(CreateSiteOutput)
    .mutation(({ ctx, input }) => createSite(ctx.control, input)),
  update: procedure('operator')
    .meta(rest('PATCH', '/sites/{id}', 'Rename a site, or say the zone and region of its nodes in Kubernetes'))
    .input(UpdateSite)
    .output(UpdateSiteOutput)
    .mutation(({ ctx, input }) => updateSite(ctx.control, input)),
  proposeGateways: procedure('viewer')
    .meta(
      rest(
        'GET',
        '/sites/{id}/gateway-proposal',
        'Gateways for a site, the nearest first, by measured round-trip time',
      ),
    )
    .input(ProposeSiteGateways)
    .output(ProposeSiteGatewaysOutput)
    .query(({ ctx, input }) => proposeSiteGateways(ctx.control, input)),
  setGateways: procedure('operator')
    .meta(rest('POST', '/sites/{id}/gateways', 'Choose one or two gateways for the nodes of a site, in order'))
    .input(SetSiteGateways)
    .output(SetSiteGatewaysOutput)
    .mutation(({ ctx, input }) => setSiteGateways(ctx.control, input)),
  delete: procedure('operator')
    .meta(rest('DELETE', '/sites/{id}', 'Delete a site; its nodes stay, without a site'))
    .input(DeleteSite)
    .output(DeleteSiteOutput)
    .mutation(({ ctx, input }) => deleteSite(ctx.control, input)),
})
