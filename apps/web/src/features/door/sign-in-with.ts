'use client'

export type SignInFailure = 'wrong' | 'throttled' | 'away'

/** null when signed in: the session cookie is set. */
export async function signInWith(email: string, password: string): Promise<SignInFailure | null> {
  try {
    const { signIn } = await import('next-auth/react')
    const answer = await signIn('credentials', { email, password, redirect: false })
    if (answer?.ok && !answer.error) return null
    if (answer?.error === 'CredentialsSignin') return 'wrong'
    return answer?.error === 'TOO_MANY_REQUESTS' ? 'throttled' : 'away'
  } catch {
    return 'away'
  }
}

export const failureWords: Record<SignInFailure, string> = {
  wrong: 'No account has this email and password.',
  throttled: 'Too many tries. Wait a minute, then try again; the account itself is not locked.',
  away: 'The server could not check the password just now. Nothing is lost: try again.',
}
