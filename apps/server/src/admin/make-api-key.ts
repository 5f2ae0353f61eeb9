import { CreateApiKey, createApiKey } from '@spanwire/control/api-key/create-api-key'
import type { Services } from '@spanwire/control/context'
import { administrator } from './administrator.ts'

export type ApiKeyWish = { name: string; role: string; expiresDays: number; organization?: string }

export async function makeApiKey(services: Services, wish: ApiKeyWish): Promise<string> {
  const ctx = await administrator(services, wish.organization)
  const input = CreateApiKey.parse({ name: wish.name, role: wish.role, expiresInDays: wish.expiresDays })
  return (await createApiKey(ctx, input)).key
}
