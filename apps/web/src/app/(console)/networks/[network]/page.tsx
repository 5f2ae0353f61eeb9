import { redirect } from 'next/navigation'
import { paths } from '~/ui/paths.ts'

export default async function NetworkPage({ params }: { params: Promise<{ network: string }> }) {
  redirect(paths.topology((await params).network))
}
