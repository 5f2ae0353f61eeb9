/** What /proc and df print, as numbers. A file that looks otherwise is null: unknown, never zero. */
import { readCount, readDecimal } from './read-fields.ts'

export type CpuTime = { readonly total: number; readonly idle: number }
export type Capacity = { readonly totalKb: number; readonly freeKb: number }
export type Traffic = { readonly rxBytes: number; readonly txBytes: number }

const MAX_INTERFACES = 512

/** proc(5), loadavg: the first number is the average of one minute. */
export const parseLoad = (text: string | undefined): number | null => readDecimal(text?.split(' ', 1)[0])

/** MemAvailable is the kernel's own estimate of what programs can still get (Linux 3.14). */
export function parseMemory(text: string | undefined): Capacity | null {
  const read = (key: string) =>
    readCount(new RegExp(`^${key}: {0,20}([0-9]{1,15}) kB$`, 'm').exec((text ?? '').slice(0, 8192))?.[1])
  const totalKb = read('MemTotal')
  const freeKb = read('MemAvailable')
  return totalKb && freeKb !== null && freeKb <= totalKb ? { totalKb, freeKb } : null
}

/** proc(5), stat: user nice system idle iowait irq softirq steal, in ticks; guest times are in user already. */
export function parseCpu(text: string | undefined): CpuTime | null {
  const line = /^cpu {1,2}([0-9 ]{7,300})$/m.exec((text ?? '').slice(0, 4096))?.[1]
  const ticks = line?.trim().split(/ +/).slice(0, 8).map(readCount)
  if (!ticks || ticks.length < 4 || ticks.includes(null)) return null
  const known = ticks as number[]
  return { total: known.reduce((sum, tick) => sum + tick, 0), idle: (known[3] ?? 0) + (known[4] ?? 0) }
}

/** POSIX df -Pk: blocks of 1024 bytes, used, available, capacity, mount point; the file system's name may hold spaces. */
export function parseDisk(text: string | undefined): Capacity | null {
  const row = / ([0-9]{1,15}) +([0-9]{1,15}) +([0-9]{1,15}) +[0-9-]{1,4}% +\/$/m.exec((text ?? '').slice(0, 4096))
  const totalKb = readCount(row?.[1])
  const freeKb = readCount(row?.[3])
  return totalKb && freeKb !== null && freeKb <= totalKb ? { totalKb, freeKb } : null
}

/** proc(5), net/dev: after the name, 8 numbers received and 8 sent; the first of each is bytes. */
export function parseTraffic(text: string | undefined): ReadonlyMap<string, Traffic> {
  const interfaces = new Map<string, Traffic>()
  for (const line of (text ?? '').slice(0, MAX_INTERFACES * 256).split('\n', MAX_INTERFACES)) {
    const row = /^ {0,16}([^ :]{1,15}): {0,20}([0-9 ]{16,400})$/.exec(line)
    const numbers = row?.[2]?.trim().split(/ +/)
    const rxBytes = readCount(numbers?.[0])
    const txBytes = readCount(numbers?.[8])
    if (row?.[1] && rxBytes !== null && txBytes !== null) interfaces.set(row[1], { rxBytes, txBytes })
  }
  return interfaces
}
