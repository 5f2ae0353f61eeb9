'use client'

import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Mono } from '~/ui/mono.tsx'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import type { ClusterDetail } from './cluster-detail.ts'
import { sentence } from './field-findings.ts'
import classes from './kubeconfig-dialog.module.css'
import { NotSigned, useKubeconfig } from './use-kubeconfig.ts'

type Props = { network: string; cluster: ClusterDetail; onClose: () => void }

/** One's own way to the API: a key that is born here, a certificate for hours, a file that only this person has. */
export function KubeconfigDialog({ network, cluster, onClose }: Props) {
  const { data: me } = useQuery(useTRPC().me.get.queryOptions({}))
  const { name } = cluster.settings
  const person = me?.kind === 'person' ? { id: me.user.id, email: me.user.email } : null
  const { make, progress } = useKubeconfig(network, name, person)
  // Browsers make keys on pages that came safely only.
  const why = globalThis.isSecureContext
    ? person
      ? null
      : 'A kubeconfig belongs to a person who is signed in.'
    : 'This page came without HTTPS, and browsers sign nothing there: open the console by https.'
  return (
    <Dialog opened onClose={onClose} title={`A kubeconfig of ${name}`}>
      {make.data ? (
        <Notice status="good">
          <p>
            Saved as {name}.kubeconfig.yaml. It is for {make.data.user}, and ends <Ago at={make.data.until} />.
          </p>
        </Notice>
      ) : (
        <p className={classes.text}>
          The key is made in this browser and never leaves it; a server of the cluster signs a certificate for{' '}
          {person ? person.email : 'you'}, good for 12 hours. What it may do follows your role here, which is{' '}
          {me?.role ?? 'read'} now: when that changes, the cluster hears of it within a minute. Each one stands in the
          activity.
        </p>
      )}
      <p className={classes.text} data-below={make.data ? true : undefined}>
        The API answers at an address of this network only: from one of its nodes, or from{' '}
        <a href={paths.devices(network)}>a device</a>.
      </p>
      {make.data && <Mono copy>{`kubectl --kubeconfig ${name}.kubeconfig.yaml get nodes`}</Mono>}
      <p className={classes.progress} role="status">
        {make.isPending ? sentence(progress) : ''}
      </p>
      {make.error && (
        <Notice status="bad">
          {make.error instanceof NotSigned
            ? sentence(make.error.message)
            : `${errorWords(make.error).text} ${errorWords(make.error).fix ?? ''}`}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {make.data ? 'Done' : 'Cancel'}
        </Button>
        {!make.data && (
          <ActionButton why={why} loading={make.isPending} onClick={() => make.mutate()}>
            Make and save it
          </ActionButton>
        )}
      </Group>
    </Dialog>
  )
}
