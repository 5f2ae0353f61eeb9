import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SetupForm } from '~/features/door/setup-form.tsx'
import { trpcServer } from '~/trpc/server.tsx'
import { paths } from '~/ui/paths.ts'

export const metadata: Metadata = { title: 'Make the owner account' }

/** Open until the first owner exists, then closed for good. */
export default async function SetupPage() {
  const setup = await trpcServer.setup.state.query({})
  if (!setup.needed) redirect(paths.signIn())
  return <SetupForm />
}
