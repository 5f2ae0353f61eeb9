import { type RefObject, useEffect, useState } from 'react'

export type ReadStyle<T> = (colour: (name: string) => string, style: CSSStyleDeclaration) => T

/** A canvas knows no variables: colours are read from the page's style, and again when the scheme changes. `read` must be the same at each render. */
export function useColours<T>(element: RefObject<HTMLElement | null>, read: ReadStyle<T>): T | null {
  const [colours, setColours] = useState<T | null>(null)
  useEffect(() => {
    const renew = () => {
      if (!element.current) return setColours(null)
      const style = getComputedStyle(element.current)
      setColours(read((name) => style.getPropertyValue(name).trim(), style))
    }
    renew()
    const scheme = new MutationObserver(renew)
    scheme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
    return () => scheme.disconnect()
  }, [element, read])
  return colours
}
