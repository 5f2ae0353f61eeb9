import type { Ask } from './http-client.ts'
import type { Planted } from './plant-network.ts'
import type { RealServer } from './real-server.ts'

let port = 52_000

/** The gateway gets another endpoint: each of its members has to hear of it. */
export function changePort({ key }: RealServer, { gatewayId }: Planted): Ask {
  return {
    ...{ method: 'PATCH', path: `/api/v1/nodes/${gatewayId}` },
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint: `203.0.113.7:${++port}` }),
  }
}
