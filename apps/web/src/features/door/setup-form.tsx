'use client'

import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './form.module.css'
import { signInWith } from './sign-in-with.ts'

/** The server asks for the same; here it is said before the click. */
const PASSWORD_LENGTH = 12

export function SetupForm() {
  const create = useMutation(useTRPC().setup.createOwner.mutationOptions())
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', organizationName: '', password: '' },
    validate: {
      name: (name) => (name.trim() ? null : 'Your name is shown beside what you change'),
      email: (email) =>
        /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? null : 'This is what you sign in with: name@example.org',
      organizationName: (name) => (name.trim() ? null : 'Networks belong to an organization'),
      password: (password) =>
        password.length >= PASSWORD_LENGTH
          ? null
          : `At least ${PASSWORD_LENGTH} characters: a few words are easier than signs`,
    },
  })

  const submit = form.onSubmit(async (values) => {
    await create.mutateAsync({
      name: values.name.trim(),
      email: values.email.trim(),
      organizationName: values.organizationName.trim(),
      password: values.password,
    })
    const failed = await signInWith(values.email.trim(), values.password)
    window.location.assign(failed ? paths.signIn() : paths.home())
  })

  return (
    <form onSubmit={submit} noValidate>
      <h1 className={classes.title}>Make the owner account</h1>
      <p className={classes.lead}>
        You are the first here. Whoever fills this in owns the installation; afterwards this page closes.
      </p>
      <Stack gap="md">
        {create.error && <Notice status="bad">{errorWords(create.error).text}</Notice>}
        <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        <TextInput label="Email" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <TextInput label="Organization" autoComplete="organization" {...form.getInputProps('organizationName')} />
        <PasswordInput
          label="Password"
          description={`At least ${PASSWORD_LENGTH} characters`}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={create.isPending || create.isSuccess} fullWidth>
          Make account
        </Button>
      </Stack>
    </form>
  )
}
