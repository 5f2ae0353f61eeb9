import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '@spanwire/control/db'
import type { Front } from '../front.ts'

/** /healthz: this process answers. /readyz: it can serve, so a balancer may send people and nodes here. */
export function healthDoors(front: Front, db: Db, isOpen: () => boolean): void {
  front.get('/healthz', async (_request, reply) => reply.type('text/plain').send('live\n'))
  front.get('/readyz', async (_request, reply) => {
    const why = await notReady(db, isOpen)
    if (why) reply.code(503).header('Retry-After', '5')
    return reply.type('text/plain').send(`${why ?? 'ready'}\n`)
  })
}

async function notReady(db: Db, isOpen: () => boolean): Promise<string | null> {
  if (!isOpen()) return 'starting or stopping'
  const answered = db.pool.query('SELECT 1').then(
    () => true,
    () => false,
  )
  return (await Promise.race([answered, sleep(2000, false, { ref: false })])) ? null : 'the database does not answer'
}
