/** Numbers with their units, three significant digits at most, a narrow no-break space between. */
const SPACE = '\u202f'

/** 1024-based, as wg and ip print counters. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '–'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${short(value, unit > 0)}${SPACE}${units[unit]}`
}

/** Bytes per second in, bits per second out: links are sold and thought of in bits. */
export function formatRate(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return '–'
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']
  let value = bytesPerSecond * 8
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${short(value, unit > 0)}${SPACE}${units[unit]}`
}

export function formatMs(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 10 ? `${ms.toFixed(1)}${SPACE}ms` : `${Math.round(ms)}${SPACE}ms`
}

/** 0..1 in, percent out. */
export function formatPercent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}${SPACE}%`
}

export function formatDuration(seconds: number | null): string {
  if (seconds === null) return '–'
  if (seconds < 100) return `${Math.round(seconds)}${SPACE}s`
  if (seconds < 6000) return `${Math.round(seconds / 60)}${SPACE}min`
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)}${SPACE}h`
  return `${Math.round(seconds / 86400)}${SPACE}d`
}

/** '1 node', '12 nodes' */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount.toLocaleString('en')} ${amount === 1 ? noun : plural}`
}

function short(value: number, decimals: boolean): string {
  if (!decimals || value >= 100) return Math.round(value).toString()
  return value >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(1)
}
