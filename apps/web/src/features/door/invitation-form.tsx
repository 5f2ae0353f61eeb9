'use client'

import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import { PlainButton } from '~/ui/plain-button.tsx'
import classes from './form.module.css'
import { signInWith } from './sign-in-with.ts'

/** The server asks for the same; here it is said before the click. */
const PASSWORD_LENGTH = 12

/** For who followed a link: whose it is, then an account of their own. The token stays behind the #, which no browser sends. */
export function InvitationForm() {
  const trpc = useTRPC()
  const look = useMutation(trpc.member.invitation.mutationOptions())
  const accept = useMutation(trpc.member.accept.mutationOptions())
  const [token, setToken] = useState<string | null>(null)
  const looked = useRef(false)
  const { mutate } = look
  useEffect(() => {
    // React shows effects twice in development, and tries are counted.
    if (looked.current) return
    looked.current = true
    const given = window.location.hash.slice(1)
    setToken(given)
    mutate({ token: given.slice(0, 100) })
  }, [mutate])
  const invitation = look.data
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (name) => (name.trim() ? null : 'Your name is shown beside what you change'),
      email: (email) =>
        invitation?.email || /^[^\s@]+@[^\s@]+$/.test(email.trim())
          ? null
          : 'This is what you sign in with: name@example.org',
      password: (password) =>
        password.length >= PASSWORD_LENGTH
          ? null
          : `At least ${PASSWORD_LENGTH} characters: a few words are easier than signs`,
    },
  })
  const submit = form.onSubmit(({ name, email, password }) => {
    if (!invitation || token === null) return
    const own = invitation.email ? {} : { email: email.trim() }
    accept.mutate(
      { token, name: name.trim(), password, ...own },
      {
        onSuccess: async (made) => {
          const failed = await signInWith(made.email, password)
          window.location.assign(failed ? paths.signIn() : paths.home())
        },
      },
    )
  })
  if (look.error) {
    return (
      <>
        <h1 className={classes.title}>This link does not open</h1>
        <Stack gap="md">
          <Notice status="bad">
            {errorWords(look.error).text} {errorWords(look.error).fix}
          </Notice>
          <div>
            <PlainButton href={paths.signIn()}>Sign in</PlainButton>
          </div>
        </Stack>
      </>
    )
  }
  return (
    <form onSubmit={submit} noValidate>
      <h1 className={classes.title}>Make your account</h1>
      <p className={classes.lead}>
        {invitation
          ? `${invitation.invitedBy} invites you to ${invitation.organization}, as ${invitation.role}.`
          : 'Looking at the invitation.'}
      </p>
      <Stack gap="md">
        {accept.error && (
          <Notice status="bad">
            {errorWords(accept.error).text} {errorWords(accept.error).fix}
          </Notice>
        )}
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />
        {invitation?.email ? (
          <TextInput label="Email" value={invitation.email} readOnly autoComplete="username" />
        ) : (
          <TextInput label="Email" type="email" autoComplete="username" {...form.getInputProps('email')} />
        )}
        <PasswordInput
          label="Password"
          description={`At least ${PASSWORD_LENGTH} characters`}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Button
          type="submit"
          loading={accept.isPending || accept.isSuccess}
          disabled={!invitation}
          title={invitation ? undefined : 'Still looking at the invitation'}
          fullWidth
        >
          Make account
        </Button>
      </Stack>
    </form>
  )
}
