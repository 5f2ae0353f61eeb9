import { Button } from '@mantine/core'
import Link from 'next/link'
import { Empty } from '~/ui/empty.tsx'
import { paths } from '~/ui/paths.ts'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Empty
      as="h1"
      title="There is nothing here"
      text="It was removed, or it belongs to another organization, or the address has a slip."
      action={
        <Button component={Link} href={paths.networks()}>
          Open networks
        </Button>
      }
    />
  )
}
