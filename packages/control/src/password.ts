import { hash, verify } from '@node-rs/argon2'
import { z } from 'zod'

/** Long rather than odd: NIST SP 800-63B, 5.1.1.2. The upper end keeps hashing from being a weapon. */
export const Password = z
  .string()
  .min(12, 'a password has 12 characters at least; a few words make a good one')
  .max(1024, 'a password has 1024 characters at most')

// Argon2id with the memory and passes that OWASP's Password Storage Cheat Sheet names first: 19 MiB, 2, 1.
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** A PHC string: it carries its own parameters, so that they may grow. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), COST)

/** A hash that cannot be read fits no password. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  try {
    return await verify(passwordHash, password.normalize('NFKC'))
  } catch {
    return false
  }
}
