import { type RefObject, useEffect, useState } from 'react'
import type { Palette } from './palette.ts'

/** The canvas draws in the colours of ui/tokens.css: read from the page, and again when the scheme changes. */
export function usePalette(element: RefObject<HTMLElement | null>): Palette | null {
  const [palette, setPalette] = useState<Palette | null>(null)
  useEffect(() => {
    const read = () => setPalette(element.current ? paletteOf(element.current) : null)
    read()
    const scheme = new MutationObserver(read)
    scheme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
    return () => scheme.disconnect()
  }, [element])
  return palette
}

function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  return {
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
  }
}
