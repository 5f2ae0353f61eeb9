'use client'

import { addRules } from '@spanwire/mesh/policy/add-rules'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsInteger, useQueryState } from 'nuqs'
import { useTRPC } from '~/trpc/client.tsx'
import { Choice } from '~/ui/choice.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { paths } from '~/ui/paths.ts'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import { DropList } from './drop-list.tsx'
import { RuleLink } from './explain-form.tsx'
import type { Activity, Drop } from './policy-shapes.ts'
import type { DraftPolicy } from './use-draft-policy.ts'

type Props = { network: string; draft: DraftPolicy; onReview: () => void }

/** Counters come with reports; a page that is looked at asks again. */
const RENEW_MS = 10_000

/** What each rule let in, where, and what none did. */
export function RulesTab({ network, draft, onReview }: Props) {
  const [hours, setHours] = useQueryState('hours', parseAsInteger.withDefault(1))
  const query = useQuery(
    useTRPC().policy.activity.queryOptions(
      { networkId: network, hours: hours === 24 ? 24 : 1 },
      { refetchInterval: RENEW_MS },
    ),
  )
  const allow = ({ from, to, suggestion }: Drop) => {
    draft.set(addRules(draft.text, `So that ${from} reaches ${to}`, [suggestion]))
    onReview()
  }
  if (query.isError && !query.data) {
    return (
      <ErrorPanel title="What rules do could not be read" error={query.error} onRetry={() => void query.refetch()} />
    )
  }
  if (!query.data) return <SkeletonRows rows={6} height={44} />
  const activity = query.data
  return (
    <>
      <div className={classes.tools}>
        <Choice
          label="Time"
          any="The last hour"
          data={[{ value: '24', label: 'The last 24 hours' }]}
          value={hours === 24 ? '24' : null}
          onChange={(value) => void setHours(value === null ? null : 24)}
        />
        <p className={classes.quiet}>{told(activity)}</p>
      </div>
      <Section title="Dropped" text="What came to a machine and no rule let in, where it happened.">
        <DropList
          drops={activity.drops}
          more={activity.moreDrops}
          onAllow={allow}
          none={activity.number === null ? 'Without a policy nothing is dropped.' : 'Nothing was dropped in that time.'}
        />
      </Section>
      <Section
        title="Let in"
        text="Packets by rule of the version that holds, since the hour in which the time begins."
      >
        {activity.hits.length === 0 ? (
          <p className={classes.quiet}>
            {activity.number === null ? 'Without a policy nothing is counted.' : 'It has no rules.'}
          </p>
        ) : (
          <ul className={classes.rules} aria-label="Rules and what they let in">
            {activity.hits.map((hit) => (
              <li key={hit.rule} className={classes.hit}>
                <div>
                  {hit.line === null ? `rule ${hit.rule}` : <RuleLink rule={hit.rule} line={hit.line} />}
                  <p className={classes.quiet}>
                    {hit.nodes.map(({ id, name, packets }, place) => (
                      <span key={id}>
                        {place > 0 && ', '}
                        <Link className={classes.inline} href={paths.node(network, id)}>
                          {name}
                        </Link>{' '}
                        {packets.toLocaleString('en')}
                      </span>
                    ))}
                    {hit.more > 0 && ` and ${hit.more} more machines`}
                  </p>
                </div>
                <b data-quiet={hit.packets === 0 || undefined}>
                  {hit.packets === 0 ? 'nothing' : count(hit.packets, 'packet')}
                </b>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}

const told = ({ counting }: Activity): string =>
  counting === 0 ? 'No machine has told of its rules in that time.' : `Told by ${count(counting, 'machine')}.`
