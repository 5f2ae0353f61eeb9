import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { hashPassword, Password } from '../password.ts'
import { Email, OrganizationName, PersonName } from '../person-input.ts'
import { Refusal } from '../refusal.ts'
import { inTransaction } from '../transaction.ts'

export const CreateOwner = z.object({
  name: PersonName,
  email: Email,
  password: Password,
  organizationName: OrganizationName,
})
export const CreateOwnerOutput = z.object({ userId: z.string(), organizationId: z.string() })

/** The first account. Anyone may make it, once: the row in `setup` has one winner among racers and stays for ever. */
export async function createOwner(
  ctx: Context,
  input: z.infer<typeof CreateOwner>,
): Promise<z.infer<typeof CreateOwnerOutput>> {
  if (ctx.address !== null) await ctx.limits.signInByAddress.take(ctx.address)
  // Looked at before the costly hash, so that a closed door costs a stranger's flood nothing.
  if (await ctx.db.prisma.setup.findFirst()) throw closed()
  const passwordHash = await hashPassword(input.password)
  return inTransaction(ctx, async (tx) => {
    await closeDoor(tx, ctx.now())
    const user = await tx.user.create({ data: { email: input.email, name: input.name, passwordHash } })
    const organization = await tx.organization.create({ data: { name: input.organizationName } })
    await tx.membership.create({ data: { userId: user.id, organizationId: organization.id, role: 'owner' } })
    await audit(tx, ctx, {
      action: 'setup.create-owner',
      organization: organization.id,
      actorName: ctx.actor.kind === 'nobody' ? user.email : undefined,
      subject: { kind: 'person', id: user.id, name: user.email },
      after: { name: user.name, email: user.email, role: 'owner', organization: organization.name },
    })
    return { userId: user.id, organizationId: organization.id }
  })
}

/** Waits for a racer's transaction, then finds that it won. */
async function closeDoor(tx: Tx, now: Date): Promise<void> {
  const inserted = await tx.$executeRaw`INSERT INTO setup (done, at) VALUES (true, ${now}) ON CONFLICT DO NOTHING`
  if (inserted === 0 || (await tx.user.findFirst({ select: { id: true } }))) throw closed()
}

const closed = () =>
  new Refusal('CONFLICT', 'The first account was made already.', {
    reason: 'setup-done',
    fix: 'Sign in; or ask the administrator of the server, who can reset a password with `npm run admin`.',
  })
