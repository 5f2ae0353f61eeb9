import type { Metadata } from 'next'
import { Empty } from '~/ui/empty.tsx'
import { paths } from '~/ui/paths.ts'
import { PlainButton } from '~/ui/plain-button.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Empty
      as="h1"
      title="There is nothing here"
      text="It was removed, or it belongs to another organization, or the address has a slip."
      action={<PlainButton href={paths.networks()}>Open networks</PlainButton>}
    />
  )
}
