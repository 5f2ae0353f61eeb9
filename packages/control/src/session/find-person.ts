import type { Actor } from '../context.ts'
import type { Db } from '../db.ts'
import { sessionSubject } from './session-subject.ts'

/** Who a session stands for, with the role that the database has at this moment; nobody once the account, its password or its role changed. */
export async function findPerson(db: Db, subject: string): Promise<Actor> {
  const [userId = ''] = subject.split('.')
  if (!/^[0-9a-f-]{36}$/.test(userId)) return { kind: 'nobody' }
  const user = await db.prisma.user.findUnique({
    where: { id: userId },
    include: { memberships: { orderBy: { createdAt: 'asc' }, take: 1 } },
  })
  const membership = user?.memberships[0]
  if (!user || !membership || sessionSubject(user, membership.role) !== subject) return { kind: 'nobody' }
  return {
    kind: 'person',
    userId,
    name: user.email,
    organizationId: membership.organizationId,
    role: membership.role,
  }
}
