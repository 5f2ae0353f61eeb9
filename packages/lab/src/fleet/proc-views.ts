/** What Linux prints, column by column: proc(5), fs/proc/meminfo.c, net/core/net-procfs.c and POSIX df. */
const right = (width: number, value: number | string): string => String(value).padStart(width)

export const loadavgView = (loads: readonly [number, number, number], running: string): string =>
  `${loads.map((load) => load.toFixed(2)).join(' ')} ${running}\n`

export const meminfoView = (totalKb: number, availableKb: number): string =>
  `MemTotal:       ${right(8, totalKb)} kB\nMemAvailable:   ${right(8, availableKb)} kB\n`

/** user nice system idle iowait irq softirq steal guest guest-nice, in ticks */
export const statView = (ticks: readonly number[]): string => `cpu  ${ticks.join(' ')}\n`

export function dfView(device: string, totalKb: number, usedKb: number, freeKb: number): string {
  const capacity = `${Math.ceil((100 * usedKb) / (usedKb + freeKb))}%`
  return (
    'Filesystem     1024-blocks    Used Available Capacity Mounted on\n' +
    `${device.padEnd(14)} ${right(11, totalKb)} ${right(7, usedKb)} ${right(9, freeKb)} ${right(8, capacity)} /\n`
  )
}

export type InterfaceCounters = {
  readonly name: string
  readonly rxBytes: number
  readonly rxPackets: number
  readonly txBytes: number
  readonly txPackets: number
}

const NETDEV_HEAD =
  'Inter-|   Receive                                                |  Transmit\n' +
  ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n'

export function netdevView(interfaces: readonly InterfaceCounters[]): string {
  const lines = interfaces.map(
    ({ name, rxBytes, rxPackets, txBytes, txPackets }) =>
      `${right(6, name)}: ${right(7, rxBytes)} ${right(7, rxPackets)}    0    0    0     0          0         0 ` +
      `${right(8, txBytes)} ${right(7, txPackets)}    0    0    0     0       0          0\n`,
  )
  return NETDEV_HEAD + lines.join('')
}
