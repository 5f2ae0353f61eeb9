'use client'

import { Collapse, NumberInput, Stack, TextInput, UnstyledButton } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import classes from './network-fields.module.css'
import type { NetworkValues } from './network-values.ts'

type Props = {
  form: UseFormReturnType<NetworkValues>
  /** under the range: what it meets */
  rangeNote?: ReactNode
  /** a network that exists keeps its IPv6 range */
  existing?: boolean
}

/** Name and range in sight; what has a good default folded away until it is wanted, or wrong. */
export function NetworkFields({ form, rangeNote, existing }: Props) {
  const [open, setOpen] = useState(Boolean(existing))
  const advanced = useId()
  const wrong = ['cidr6', 'interfaceName', 'listenPort', 'mtu', 'keepaliveSeconds'].some((field) => form.errors[field])
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        description="Short, lower case: it stands in commands and addresses"
        placeholder="home-lab"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <div>
        <TextInput
          label="Address range"
          description="IPv4. Each node gets one address of it; it must not meet a range that any node already uses"
          autoComplete="off"
          spellCheck={false}
          className={classes.mono}
          {...form.getInputProps('cidr4')}
        />
        {rangeNote && <div className={classes.note}>{rangeNote}</div>}
      </div>
      {!existing && (
        <UnstyledButton
          className={classes.fold}
          aria-expanded={open || wrong}
          aria-controls={advanced}
          onClick={() => setOpen(!open)}
        >
          <IconChevronRight size={16} aria-hidden />
          Advanced
        </UnstyledButton>
      )}
      <Collapse expanded={open || wrong} id={advanced} transitionDuration={100}>
        <div className={classes.grid}>
          {!existing && (
            <TextInput
              className={`${classes.mono} ${classes.wide}`}
              label="IPv6 range"
              description="A ULA /48 of random digits (RFC 4193): it meets nobody's"
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps('cidr6')}
            />
          )}
          <TextInput
            className={classes.mono}
            label="Interface"
            description="Its name on each machine"
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('interfaceName')}
          />
          <NumberInput
            label="UDP port"
            description="Open it on gateways"
            thousandSeparator={false}
            {...form.getInputProps('listenPort')}
          />
          <NumberInput
            label="MTU"
            description="1420 fits any link of 1500"
            thousandSeparator={false}
            {...form.getInputProps('mtu')}
          />
          <NumberInput
            label="Keepalive, seconds"
            description="Holds the way through NATs open"
            {...form.getInputProps('keepaliveSeconds')}
          />
        </div>
      </Collapse>
    </Stack>
  )
}
