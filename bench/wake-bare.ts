import type { BareServer } from './bare-server.ts'
import type { Changed, Crowd } from './crowd.ts'

/** All that wait at the bare server are answered with this body. */
export function wakeBare(crowd: Crowd, { url }: BareServer, body: string): Promise<Changed> {
  return crowd.change({ url, isBundle: false, ask: { method: 'POST', path: '/wake', headers: {}, body } })
}
