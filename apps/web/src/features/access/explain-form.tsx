'use client'

import { Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { useParams } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './access.module.css'
import type { PolicyDetail } from './policy-shapes.ts'

export type Question = { readonly from: string; readonly to: string; readonly proto: string; readonly port: string }

type Props = {
  network: string
  names: PolicyDetail['names']
  /** chosen in the table: asked at once */
  asked: Question | null
  /** asked under this text, and not under what holds */
  text: string | undefined
  /** whether lines of rules lead into the text that the page shows */
  isShown: boolean
}

const MARKS = { allowed: 'good', denied: 'bad', some: 'warn', nobody: 'unknown' } as const
const WORDS = { allowed: 'Yes.', denied: 'No.', some: 'Some of them.', nobody: 'Nobody is meant.' } as const

/** One question, its answer, and the way to the rule. */
export function ExplainForm({ network, names, asked, text, isShown }: Props) {
  const explain = useMutation(useTRPC().policy.explain.mutationOptions())
  const [question, setQuestion] = useState<Question>(asked ?? { from: '', to: '', proto: 'tcp', port: '' })
  const set = (change: Partial<Question>) => setQuestion((before) => ({ ...before, ...change }))
  const hasPort = question.proto !== 'icmp'
  const ask = ({ from, to, proto, port }: Question) =>
    explain.mutate({
      ...{ networkId: network, from, to, proto, text },
      port: proto === 'icmp' || port === '' ? null : Number(port),
    })
  const first = useRef(asked)
  const answer = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it comes from the table
  useEffect(() => {
    if (!first.current) return
    ask(first.current)
    answer.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  // An answer under another text is none.
  const under = useRef(text)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the text is another one
  useEffect(() => {
    if (under.current === text) return
    under.current = text
    if (explain.variables) ask(question)
  }, [text])
  const whom = [
    ...names.nodes,
    ...names.devices.map(({ name, owner }) => `device:${name} of ${owner}`),
    ...names.users,
    ...names.tags.map((tag) => `tag:${tag}`),
    ...names.sites.map((site) => `site:${site}`),
    ...names.clusters.flatMap((name) => [`cluster:${name}`, `pods:${name}`]),
  ]
  const whyNot = question.from.trim() === '' || question.to.trim() === '' || (hasPort && question.port === '')
  return (
    <>
      <form
        className={classes.ask}
        onSubmit={(event) => {
          event.preventDefault()
          if (!whyNot) ask(question)
        }}
      >
        <Autocomplete label="From" data={whom} value={question.from} onChange={(from) => set({ from })} {...WHO} />
        <Autocomplete label="To" data={whom} value={question.to} onChange={(to) => set({ to })} {...WHO} />
        <NativeSelect
          label="Protocol"
          data={[
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
            { value: 'icmp', label: 'Ping' },
          ]}
          value={question.proto}
          onChange={(event) => set({ proto: event.currentTarget.value })}
        />
        <TextInput
          label="Port"
          inputMode="numeric"
          value={hasPort ? question.port : ''}
          disabled={!hasPort}
          placeholder={hasPort ? '443' : 'none'}
          onChange={(event) => set({ port: event.currentTarget.value.replace(/\D/g, '').slice(0, 5) })}
        />
        <Button
          type="submit"
          loading={explain.isPending}
          disabled={whyNot}
          title={whyNot ? 'Say from whom, to whom and on which port' : undefined}
        >
          Ask
        </Button>
      </form>
      <div ref={answer} aria-live="polite" className={classes.answer}>
        {explain.error && (
          <Notice status="bad">
            {errorWords(explain.error).text} {errorWords(explain.error).fix}
          </Notice>
        )}
        {explain.data && (
          <Notice status={MARKS[explain.data.verdict]}>
            <p>
              <b>{WORDS[explain.data.verdict]}</b> {explain.data.sentence}
            </p>
            {explain.data.cases.length > 0 && (
              <ul className={classes.plain} aria-label="By address">
                {explain.data.cases.slice(0, 8).map((one) => (
                  <li key={`${one.from} ${one.to} ${one.sentence}`}>
                    IPv{one.family}, {one.from} → {one.to}: {one.allowed ? 'allowed' : 'denied'}
                    {one.rule && (
                      <>
                        {' '}
                        by{' '}
                        {isShown ? (
                          <RuleLink rule={one.rule.number} line={one.rule.line} />
                        ) : (
                          `rule ${one.rule.number}, line ${one.rule.line}`
                        )}
                      </>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </Notice>
        )}
      </div>
    </>
  )
}

const WHO = {
  limit: 30,
  spellCheck: false,
  autoCapitalize: 'off',
  autoComplete: 'off',
  placeholder: 'node, person, tag:…',
}

export function RuleLink({ rule, line }: { rule: number; line: number }) {
  const { network } = useParams<{ network: string }>()
  return (
    <Link className={classes.inline} href={paths.accessLine(network, line)}>
      rule {rule}, line {line}
    </Link>
  )
}
