import { createHash } from 'node:crypto'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Db } from './db.ts'
import { Refusal } from './refusal.ts'

/** How often something may be tried before it waits. Counted in the database, so that two servers count together. */
export type Limit = {
  /** Counts one try; refuses with the wait when there were too many. */
  take(key: string): Promise<void>
  /** Forgets the tries of a key. */
  clear(key: string): Promise<void>
}

export type Limits = { readonly signInByAccount: Limit; readonly signInByAddress: Limit }

export type LimitSizes = { readonly [Name in keyof Limits]: { readonly tries: number; readonly perSeconds: number } }

const SIZES: LimitSizes = {
  // A person who mistypes has ten tries; a guesser has a thousand a day on one account, from wherever.
  signInByAccount: { tries: 10, perSeconds: 15 * 60 },
  // An office behind one address shares it.
  signInByAddress: { tries: 100, perSeconds: 15 * 60 },
}

export function makeLimits(db: Db, sizes: LimitSizes = SIZES): Limits {
  const limit = (name: keyof Limits, what: string): Limit => {
    const limiter = new RateLimiterPostgres({
      storeClient: db.pool,
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: true,
      keyPrefix: name,
      points: sizes[name].tries,
      duration: sizes[name].perSeconds,
    })
    return {
      async take(key) {
        try {
          await limiter.consume(digest(key))
        } catch (error) {
          if (!(error instanceof RateLimiterRes)) throw error
          const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000))
          throw new Refusal('TOO_MANY_REQUESTS', `Too many tries ${what}; wait ${wait(seconds)}.`, {
            reason: 'slow-down',
            retryAfterSeconds: seconds,
          })
        }
      },
      async clear(key) {
        await limiter.delete(digest(key))
      },
    }
  }
  return {
    signInByAccount: limit('signInByAccount', 'for this account'),
    signInByAddress: limit('signInByAddress', 'from this address'),
  }
}

/** Keys are what strangers type: of any length, and not to be read back from the table. */
const digest = (key: string): string => createHash('sha256').update(key).digest('base64url')

const wait = (seconds: number): string => (seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`)
