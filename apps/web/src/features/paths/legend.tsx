import { useEffect, useRef } from 'react'
import { useColours } from '~/ui/use-colours.ts'
import { drawSign } from './draw-sign.ts'
import { readLook } from './matrix-look.ts'
import { BANDS, bandWords, MEASURE_WORDS, type Measure } from './measure.ts'
import { SIGN_WORDS, SIGNS, type Sign } from './path-words.ts'
import classes from './paths.module.css'

/** What colours and signs mean. */
export function Legend({ measure, bySite }: { measure: Measure; bySite: boolean }) {
  return (
    <div className={classes.legend}>
      <ul aria-label={`Colours: ${MEASURE_WORDS[measure].toLowerCase()}`}>
        {BANDS.map((band) => (
          <li key={band}>
            <span className={classes.step} style={{ background: `var(--heat-${band})` }} />
            {band > 1 || (band === 1 && measure !== 'loss')
              ? `from ${bandWords(measure, band)}`
              : bandWords(measure, band)}
          </li>
        ))}
      </ul>
      <ul aria-label="Signs">
        {SIGNS.map((sign) => (
          <li key={sign}>
            <SignMark sign={sign} />
            {SIGN_WORDS[sign]}
          </li>
        ))}
        <li>{bySite ? 'bar: how many pairs are direct' : 'corner: there and back differ'}</li>
      </ul>
    </div>
  )
}

const SIZE = 14

/** Drawn by the very hand that draws the cells. */
function SignMark({ sign }: { sign: Sign }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const look = useColours(canvas, readLook)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!canvas.current || !context || !look) return
    const ratio = window.devicePixelRatio || 1
    canvas.current.width = canvas.current.height = Math.round(SIZE * ratio)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const ink = sign === 'dead' ? look.bad : sign === 'one-way' ? look.warn : look.text2
    drawSign(context, sign, SIZE / 2, SIZE / 2, 4.5, ink)
  }, [look, sign])
  return <canvas ref={canvas} style={{ width: SIZE, height: SIZE }} aria-hidden />
}
