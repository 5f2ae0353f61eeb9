import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInForm } from '~/features/door/sign-in-form.tsx'
import { trpcServer } from '~/trpc/server.tsx'
import { paths } from '~/ui/paths.ts'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams
  const setup = await trpcServer.setup.state.query({}).catch(() => null)
  if (setup?.needed) redirect(paths.setup())
  return <SignInForm next={insideOnly(next)} />
}

/** Only a path of this console: a link in a mail must not use the door to send people elsewhere. */
function insideOnly(next: string | string[] | undefined): string {
  if (typeof next !== 'string' || !/^\/[^/\\]/.test(next)) return paths.home()
  const url = new URL(next, 'http://inside.invalid')
  return url.host === 'inside.invalid' ? url.pathname + url.search : paths.home()
}
