import type { Context, Services } from '@spanwire/control/context'
import { Stop } from '../stop.ts'

/** The command line as an actor: it may do everything within the organization it names. */
export async function administrator(services: Services, organization: string | undefined): Promise<Context> {
  const all = await services.db.prisma.organization.findMany({ select: { id: true, name: true }, take: 100 })
  const fitting = organization === undefined ? all : all.filter(({ name }) => name === organization)
  const [one, ...more] = fitting
  if (all.length === 0) throw new Stop('Nobody has an account yet: begin with `npm run admin -- make-owner`.')
  if (!one)
    throw new Stop(`There is no organization ${organization}: the names are ${all.map(({ name }) => name).join(', ')}.`)
  if (more.length > 0)
    throw new Stop(
      `There are several organizations: name one of ${all.map(({ name }) => name).join(', ')} with --organization.`,
    )
  return { ...services, actor: { kind: 'system', name: 'npm run admin', organizationId: one.id }, address: null }
}
