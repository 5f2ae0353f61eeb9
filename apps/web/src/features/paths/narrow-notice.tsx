'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTRPC } from '~/trpc/client.tsx'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './paths.module.css'

/** A way that does not carry whole what the network's MTU lets in; nothing while all do. */
export function NarrowNotice({ network }: { network: string }) {
  const { data } = useQuery(useTRPC().paths.mtu.queryOptions({ network }))
  if (!data || (data.verdict !== 'narrow' && data.verdict !== 'too-narrow')) return null
  return (
    <div className={classes.narrow}>
      <Notice status="warn">
        {data.text}{' '}
        {data.wanted !== null && <Link href={paths.networkSettings(network)}>Set the MTU to {data.wanted}</Link>}
      </Notice>
    </div>
  )
}
