import type { RefObject } from 'react'
import { type ReadStyle, useColours } from '~/ui/use-colours.ts'
import type { Palette } from './palette.ts'

/** The canvas draws in the colours of ui/tokens.css. */
export function usePalette(element: RefObject<HTMLElement | null>): Palette | null {
  return useColours(element, paletteOf)
}

const paletteOf: ReadStyle<Palette> = (colour, style) => ({
  text: colour('--text'),
  text2: colour('--text-2'),
  text3: colour('--text-3'),
  surface: colour('--surface'),
  line: colour('--line'),
  hull: colour('--bg'),
  body: colour('--line'),
  accent: colour('--accent'),
  status: {
    good: colour('--good-mark'),
    warn: colour('--warn-mark'),
    bad: colour('--bad-mark'),
    unknown: colour('--quiet-mark'),
    none: colour('--line-strong'),
  },
  font: style.fontFamily,
})
