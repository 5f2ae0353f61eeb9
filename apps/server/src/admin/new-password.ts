import type { Services } from '@spanwire/control/context'
import { ResetPassword, resetPassword } from '@spanwire/control/session/reset-password'

export async function newPassword(services: Services, wish: { email: string; password: string }): Promise<void> {
  const ctx = { ...services, actor: { kind: 'system', name: 'npm run admin' }, address: null } as const
  await resetPassword(ctx, ResetPassword.parse(wish))
}
