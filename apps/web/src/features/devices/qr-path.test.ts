import decodeQR from 'qr/decode.js'
import { expect, test } from 'vitest'
import { configText } from './config-text.ts'
import { qrPath } from './qr-path.ts'

/** Of each module, as a camera would see it. */
const PIXELS = 4

test('a camera reads the whole configuration back', () => {
  const text = configText(
    {
      addresses: ['10.77.0.9/32', 'fd12:3456:789a::9/128'],
      mtu: 1420,
      dns: [],
      peer: {
        name: 'gw-fra',
        publicKey: `${'k'.repeat(43)}=`,
        endpoint: 'gw.example.org:51820',
        allowedIps: ['10.77.0.0/16', 'fd12:3456:789a::/48', '10.42.0.0/16'],
        keepaliveSeconds: 25,
      },
    },
    `${'p'.repeat(43)}=`,
    { device: 'phone', network: 'home' },
  )
  expect(decodeQR(picture(qrPath(text)))).toBe(text)
})

function picture({ size, path }: { size: number; path: string }) {
  const width = size * PIXELS
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x = '', y = ''] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let pixel = 0; pixel < PIXELS * PIXELS; pixel++) {
      const row = Number(y) * PIXELS + Math.floor(pixel / PIXELS)
      const at = (row * width + Number(x) * PIXELS + (pixel % PIXELS)) * 4
      data.fill(0, at, at + 3)
    }
  }
  return { width, height: width, data }
}
