import { MachineRefusal } from './answer.ts'
import type { Sql } from './sql.ts'

/** As many interfaces between gateways as there are probe slots. */
const LAST_NUMBER = 240

/** The number of a gateway, by which the others name their interface and port to it: the lowest that nobody has. The network is locked. */
export async function giveGatewayNumber(sql: Sql, networkId: string): Promise<number> {
  const [row] = await sql.query<{ number: number | null }>(
    `SELECT min(n)::int AS number FROM generate_series(1, ${LAST_NUMBER}) n
      WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE network_id = $1 AND gateway_number = n)`,
    [networkId],
  )
  if (row?.number) return row.number
  throw new MachineRefusal('pool-exhausted', `a network has ${LAST_NUMBER} gateways at most; join as a member instead`)
}
