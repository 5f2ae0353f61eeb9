'use client'

import { Button, Group, Modal, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { Policy } from '@spanwire/mesh/policy/policy'
import { wordsOf } from '@spanwire/mesh/policy/words-of'
import { useMemo, useState } from 'react'
import type { EditedRule } from './edit-rules.ts'
import type { RuleRow } from './read-rules.ts'
import { ruleFaults } from './rule-faults.ts'
import { type Names, worldOfNames } from './world-of-names.ts'

type Props = {
  /** null: one more */
  row: RuleRow | null
  names: Names
  known: Policy
  onClose: () => void
  onDone: (edited: EditedRule) => void
}

const PROTOCOLS = [
  { value: '', label: 'TCP, UDP and ping' },
  { value: 'tcp', label: 'TCP' },
  { value: 'udp', label: 'UDP' },
  { value: 'icmp', label: 'Ping (ICMP)' },
  { value: 'sctp', label: 'SCTP' },
]

/** One rule as fields: who, whom, on which ports. */
export function RuleDialog({ row, names, known, onClose, onDone }: Props) {
  const before = row?.fields
  const [from, setFrom] = useState<string[]>([...(before?.from ?? [])])
  const [to, setTo] = useState<string[]>([...(before?.to ?? [])])
  const [ports, setPorts] = useState(before ? (before.ports ?? '') : '')
  const [protocol, setProtocol] = useState(before?.protocol ?? '')
  const [comment, setComment] = useState(row?.comment ?? '')
  const [tried, setTried] = useState(false)
  const world = useMemo(() => worldOfNames(names), [names])
  // Each of its destinations has ports of its own: they stay with them.
  const isMixed = before !== undefined && before !== null && before.ports === null
  const fields = { from, to, ports: isMixed ? null : ports.trim(), protocol }
  const faults = ruleFaults(fields)
  const shown = tried ? faults : {}
  // A blank ends a word, unless the names of sites have some: then Enter does.
  const splitChars = world.sites.some((site) => site.includes(' ')) ? ['\n'] : [' ']
  const known3 = PROTOCOLS.some(({ value }) => value === protocol)
  return (
    <Modal opened onClose={onClose} title={row ? `Edit rule ${row.number}` : 'Add rule'}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (Object.keys(faults).length === 0) onDone({ fields, comment: comment.trim() })
        }}
      >
        <Stack gap="md">
          <TagsInput
            label="From"
            description="People, groups, tags, nodes, sites, clusters, pods, addresses; * is everybody"
            data={[...wordsOf(known, world, 'src')]}
            value={from}
            onChange={setFrom}
            error={shown.from}
            {...WHO}
            splitChars={splitChars}
            data-autofocus
          />
          <TagsInput
            label="To"
            description={isMixed ? 'With their ports, like tag:db:5432' : 'Whom they may reach'}
            data={wordsOf(known, world, 'dst').map((word) => (isMixed ? `${word}:*` : word))}
            value={to}
            onChange={setTo}
            error={shown.to}
            {...WHO}
            splitChars={splitChars}
          />
          {!isMixed && (
            <TextInput
              label="Ports"
              description="443, or 80,443, or 6000-6010; * is all"
              placeholder="443"
              value={ports}
              onChange={(event) => setPorts(event.currentTarget.value)}
              error={shown.ports}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          <Select
            label="Protocol"
            data={known3 ? PROTOCOLS : [...PROTOCOLS, { value: protocol, label: protocol }]}
            value={protocol}
            onChange={(value) => setProtocol(value ?? '')}
            allowDeselect={false}
          />
          <Textarea
            label="Comment"
            description="Stands over the rule in the text"
            autosize
            minRows={1}
            maxRows={4}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
        </Stack>
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">{row ? 'Change rule' : 'Add rule'}</Button>
        </Group>
      </form>
    </Modal>
  )
}

const WHO = {
  size: 'sm',
  acceptValueOnBlur: true,
  clearable: false,
  // A list of all names over the dialog would be the first that is seen of it.
  openOnFocus: false,
  autoCapitalize: 'off',
  spellCheck: false,
  maxDropdownHeight: 220,
  limit: 200,
} as const
