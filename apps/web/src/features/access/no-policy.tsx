'use client'

import { Button } from '@mantine/core'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Notice } from '~/ui/notice.tsx'
import classes from './access.module.css'
import { startingText } from './starting-text.ts'
import type { DraftPolicy } from './use-draft-policy.ts'

type Props = { clusters: readonly string[]; draft: DraftPolicy }

/** Where there is no policy yet: what that means, and a text to begin with. */
export function NoPolicy({ clusters, draft }: Props) {
  const whyNot = useWhyNot('admin')
  return (
    <div className={classes.gap}>
      <Notice status="info">
        <p>
          <b>No policy yet.</b> Everything inside of this network is allowed. A policy says who may reach whom; what no
          rule accepts is then denied. Nothing changes before you have seen who loses what, and machines go back by
          themselves when it goes wrong.
        </p>
        <div className={classes.buttons}>
          <ActionButton size="compact-sm" why={whyNot} onClick={() => draft.set(startingText(clusters))}>
            {clusters.length > 0 ? 'Begin with people and k3s' : 'Begin with people'}
          </ActionButton>
          <Button
            size="compact-sm"
            variant="default"
            component="a"
            href="https://tailscale.com/kb/1337/policy-syntax"
            rel="noreferrer"
            target="_blank"
          >
            The language, as Tailscale has it
          </Button>
        </div>
      </Notice>
    </div>
  )
}
