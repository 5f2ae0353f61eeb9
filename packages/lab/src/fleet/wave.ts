/**
 * A quantity that wanders smoothly and is the same at every look: a mean and a few slow sines. Its integral is known, so counters
 * that are made of it never run backwards, and history made today fits what is measured tomorrow.
 */
export type Wave = {
  /** At a time in seconds. */
  at(seconds: number): number
  /** The area under it up to then, from an arbitrary beginning: only differences mean something. */
  total(seconds: number): number
}

/** A day, and three that fit no multiple of each other. */
const PERIODS = [86_400, 5_407, 677, 97]

/** `spread`, under 1, is how far it swings around its mean: never below zero. */
export function wave(random: () => number, mean: number, spread: number): Wave {
  const shares = PERIODS.map(() => 0.25 + random())
  const sum = shares.reduce((a, b) => a + b)
  const sines = PERIODS.map((period, i) => ({
    size: (spread * (shares[i] ?? 0)) / sum,
    speed: (2 * Math.PI) / (period * (0.8 + 0.4 * random())),
    phase: 2 * Math.PI * random(),
  }))
  return {
    at: (t) => mean * sines.reduce((value, { size, speed, phase }) => value + size * Math.sin(speed * t + phase), 1),
    total: (t) =>
      mean * sines.reduce((value, { size, speed, phase }) => value - (size / speed) * Math.cos(speed * t + phase), t),
  }
}
