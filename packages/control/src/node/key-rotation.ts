/** What the page shows of a node's keys: when they were last taken, and how far a rotation is. */
import { z } from 'zod'

export const KeyRotation = z
  .object({
    state: z.enum(['making', 'staging', 'switching', 'done', 'returned', 'stopped', 'refused']),
    isRunning: z.boolean(),
    /** For people: what it waits for, or how it ended. */
    text: z.string(),
    /** While it runs: who has the next key beside the old one. */
    peers: z.array(z.object({ id: z.string(), name: z.string(), state: z.enum(['has', 'missing', 'away']) })),
    /** It waits for peers, and a person may go on without them. */
    canGoOn: z.boolean(),
    canStop: z.boolean(),
    startedBy: z.string(),
    startedAt: z.string(),
    switchedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'KeyRotation' })
export type KeyRotation = z.infer<typeof KeyRotation>

export const NodeKeys = z
  .object({
    publicKey: z.string().nullable(),
    rotatedAt: z.string().nullable(),
    /** How many machines have a key of it: each has to have the next one first. */
    peers: z.number(),
    /** Laptops and phones that call it by its key, which stands in their files. */
    devices: z.number(),
    /** The last one, running or ended. */
    rotation: KeyRotation.nullable(),
  })
  .meta({ id: 'NodeKeys' })
export type NodeKeys = z.infer<typeof NodeKeys>
