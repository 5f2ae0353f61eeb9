import '~/ui/tokens.css'
import '@mantine/core/styles.layer.css'
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { TrpcReactProvider } from '~/trpc/client.tsx'
import { Look } from '~/ui/look.tsx'

export const metadata: Metadata = {
  title: { default: 'Spanwire', template: '%s · Spanwire' },
  description: 'What is really connected to what.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f8f8' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1214' },
  ],
}

/** Every page speaks to the running server; none can be made at build time. */
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  // the server lets only scripts with this run; this one sets the colours before the first paint
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html lang="en" {...mantineHtmlProps} className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
      </head>
      <body>
        <Look>
          <NuqsAdapter>
            <TrpcReactProvider>{children}</TrpcReactProvider>
          </NuqsAdapter>
        </Look>
      </body>
    </html>
  )
}
