'use client'

import { IconDownload } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { ActionButton } from '~/ui/action-button.tsx'
import { CopyButton } from '~/ui/copy.tsx'
import { Notice } from '~/ui/notice.tsx'
import { saveFile } from '~/ui/save-file.ts'
import { configFileName } from './config-text.ts'
import classes from './device-file.module.css'

const QrCode = dynamic(() => import('./qr-code.tsx').then((module) => module.QrCode), {
  ssr: false,
  loading: () => <div className={classes.ghost} />,
})

type Props = { text: string; networkName: string }

/** The configuration with its private key: as a code for a phone, as a file for the rest. */
export function DeviceFile({ text, networkName }: Props) {
  return (
    <>
      <Notice status="warn">
        The private key is in here, this once. It was made in this browser and the server does not have it: when this is
        closed, nobody can show it again.
      </Notice>
      <div className={classes.ways}>
        <section className={classes.way} aria-labelledby="by-code">
          <h3 id="by-code" className={classes.title}>
            Phone
          </h3>
          <p className={classes.text}>In the WireGuard app: +, then “Create from QR code”.</p>
          <QrCode text={text} label="The configuration as a QR code" />
        </section>
        <section className={classes.way} aria-labelledby="by-file">
          <h3 id="by-file" className={classes.title}>
            Laptop
          </h3>
          <p className={classes.text}>
            In the app: “Import tunnel from file”. On Linux: /etc/wireguard, then wg-quick up.
          </p>
          <div className={classes.buttons}>
            <ActionButton
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => saveFile(configFileName(networkName), text)}
            >
              Save {configFileName(networkName)}
            </ActionButton>
            <CopyButton text={text} what="the configuration" />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard */}
          <section className={classes.file} tabIndex={0} aria-label="The configuration">
            {text}
          </section>
        </section>
      </div>
    </>
  )
}
