import type { Services } from '@spanwire/control/context'
import { AddOwner, addOwner } from '@spanwire/control/member/add-owner'
import { CreateOwner, createOwner } from '@spanwire/control/setup/create-owner'
import { getSetupState } from '@spanwire/control/setup/get-setup-state'
import { administrator } from './administrator.ts'

export type OwnerWish = { email: string; name: string; password: string; organization: string }

/** The first one makes the organization, as the first visit does; any later one joins it. */
export async function makeOwner(services: Services, { organization, ...person }: OwnerWish): Promise<void> {
  const nobody = { ...services, actor: { kind: 'nobody' }, address: null } as const
  if ((await getSetupState(nobody)).needed) {
    await createOwner(nobody, CreateOwner.parse({ ...person, organizationName: organization }))
    return
  }
  await addOwner(await administrator(services, undefined), AddOwner.parse(person))
}
