'use client'

import { notifications } from '@mantine/notifications'
import { errorWords } from './error-words.ts'

/** One sentence in the corner. For what was done; errors of a form stand in the form. */
export function say(message: string) {
  notifications.show({ message })
}

export function sayFailure(what: string, error: unknown) {
  const { text, fix } = errorWords(error)
  notifications.show({ title: what, message: fix ? `${text} ${fix}` : text, color: 'bad', autoClose: 12_000 })
}
