import type { Context } from './context.ts'
import { isWriteConflict, type Tx } from './db.ts'

const ATTEMPTS = 4

/** All or nothing. A transaction that met another in a deadlock is run again: `work` must do nothing outside of `tx`. */
export async function inTransaction<T>(ctx: Pick<Context, 'db'>, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ctx.db.prisma.$transaction(work)
    } catch (error) {
      if (attempt === ATTEMPTS || !isWriteConflict(error)) throw error
    }
  }
}
