'use client'

import { Input, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import classes from './endpoint-field.module.css'
import { joinEndpoint, splitEndpoint } from './split-endpoint.ts'

type Props = {
  /** 'host:port', '' when there is none */
  value: string
  onChange: (endpoint: string) => void
  /** the network's: what a gateway listens on */
  defaultPort: number
  label?: string
  description?: string
  error?: string | null
  disabled?: boolean
}

/** Where a gateway is reached: an address and a port, the port already filled in. A pasted 'host:port' falls into both. */
export function EndpointField({ value, onChange, defaultPort, label = 'Public endpoint', ...props }: Props) {
  const group = useId()
  const [port, setPort] = useState(() => splitEndpoint(value, defaultPort).port)
  const [host, setHost] = useState(() => splitEndpoint(value, defaultPort).host)

  const change = (next: { host?: string; port?: string }) => {
    const pasted = next.host === undefined ? null : splitEndpoint(next.host, Number(port) || defaultPort)
    const parts = { host: pasted?.host ?? host, port: next.port ?? pasted?.port ?? port }
    setHost(parts.host)
    setPort(parts.port)
    onChange(joinEndpoint(parts))
  }

  return (
    <Input.Wrapper
      labelElement="div"
      label={<span id={group}>{label}</span>}
      description={props.description}
      error={props.error}
      errorProps={{ id: `${group}-error` }}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
    >
      <fieldset
        className={classes.fields}
        aria-labelledby={group}
        style={{ marginTop: props.description ? 6 : 0, marginBottom: props.error ? 5 : 0 }}
      >
        <TextInput
          aria-label="Public address or name"
          placeholder="203.0.113.7"
          value={host}
          onChange={(event) => change({ host: event.currentTarget.value })}
          error={Boolean(props.error)}
          aria-describedby={props.error ? `${group}-error` : undefined}
          disabled={props.disabled}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        <TextInput
          aria-label="UDP port"
          leftSection={<span aria-hidden>:</span>}
          leftSectionWidth={20}
          value={port}
          onChange={(event) => change({ port: event.currentTarget.value })}
          error={Boolean(props.error)}
          disabled={props.disabled}
          inputMode="numeric"
          autoComplete="off"
        />
      </fieldset>
    </Input.Wrapper>
  )
}
