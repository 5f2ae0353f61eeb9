import { parseOverlayRange } from '@spanwire/mesh/ip/parse-overlay-range'
import { formatPrefix } from '@spanwire/mesh/ip/prefix'
import { proposePrefix } from '@spanwire/mesh/ip/propose-prefix'
import { proposeUla } from '@spanwire/mesh/ip/propose-ula'
import { z } from 'zod'
import { accept } from '../accept.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { DEFAULTS, networkFields } from './network-input.ts'
import { conflictsOf, RangeConflict, takenRanges } from './taken-ranges.ts'

/** A /16 has room for 65,534 machines. */
const PROPOSED_LENGTH = 16

export const ProposeNetwork = z.object({ cidr4: networkFields.cidr4.optional() })
export const ProposeNetworkOutput = z.object({
  cidr4: z.string(),
  cidr6: z.string(),
  interfaceName: z.string(),
  listenPort: z.number(),
  mtu: z.number(),
  keepaliveSeconds: z.number(),
  conflicts: z.array(RangeConflict),
})

/** With a range: what it meets. Without: one that meets nothing known. */
export async function proposeNetwork(
  ctx: Context,
  input: z.infer<typeof ProposeNetwork>,
): Promise<z.infer<typeof ProposeNetworkOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const taken = await takenRanges(ctx, organizationId)
  const range =
    input.cidr4 === undefined
      ? accept(
          proposePrefix(
            taken.map(({ prefix }) => prefix),
            PROPOSED_LENGTH,
          ),
          'cidr4',
        )
      : accept(parseOverlayRange(input.cidr4), 'cidr4')
  return {
    cidr4: formatPrefix(range),
    cidr6: formatPrefix(proposeUla(ctx.random(5))),
    ...DEFAULTS,
    conflicts: conflictsOf(range, taken),
  }
}
