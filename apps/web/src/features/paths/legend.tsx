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
            {band > 0 && 'from '}
            {bandWords(measure, band)}
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
        <li>
          <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden>
            <rect x="0.5" y="0.5" width="13" height="13" rx="2" fill="none" stroke="var(--line-strong)" />
            {bySite ? (
              <rect x="2" y="10" width="7" height="2" fill="var(--text-2)" />
            ) : (
              <path d="M13 1H7l6 6z" fill="var(--text-2)" />
            )}
          </svg>
          {bySite ? 'how many pairs are direct' : 'the way back is another one'}
        </li>
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
