/** How persons, organizations and keys may be called: any writing, nothing that hides or breaks a line. */
import { z } from 'zod'

/** Lower case: mail systems that tell ADA@ from ada@ are rarer than people who type both. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'An e-mail address has 254 characters at most.')
  .pipe(z.email('This is no e-mail address; write it like ada@example.org.'))

const visible = (what: string, max: number) =>
  z
    .string()
    .trim()
    .min(1, `${what} is needed.`)
    .max(max, `${what} has ${max} characters at most.`)
    // Control characters, line and paragraph separators; overrides of the direction of writing are among \p{C}.
    .refine((text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text), `${what} must not have invisible characters or line breaks.`)

export const PersonName = visible('A name', 100)
export const OrganizationName = visible('A name of the organization', 100)
export const KeyName = visible('A name, saying what it is for,', 100)
