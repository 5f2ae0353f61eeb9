import type { Metadata } from 'next'
import { InvitationForm } from '~/features/door/invitation-form.tsx'

export const metadata: Metadata = { title: 'Invitation' }

export default function InvitationPage() {
  return <InvitationForm />
}
