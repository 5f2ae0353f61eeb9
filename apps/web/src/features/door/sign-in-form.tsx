'use client'

import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { Notice } from '~/ui/notice.tsx'
import classes from './form.module.css'
import { failureWords, type SignInFailure, signInWith } from './sign-in-with.ts'

export function SignInForm({ next }: { next: string }) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '' } })
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<SignInFailure | null>(null)

  const submit = form.onSubmit(async ({ email, password }) => {
    setBusy(true)
    const failed = await signInWith(email, password)
    setFailure(failed)
    // A whole load, so that the pages see the cookie; busy stays on until it comes.
    if (failed) setBusy(false)
    else window.location.assign(next)
  })

  return (
    <form onSubmit={submit}>
      <h1 className={classes.title}>Sign in</h1>
      <Stack gap="md">
        {failure && <Notice status="bad">{failureWords[failure]}</Notice>}
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
