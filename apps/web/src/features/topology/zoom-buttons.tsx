import { IconFocusCentered, IconMinus, IconPlus, IconRefresh } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { tip } from '~/ui/tips.tsx'
import classes from './topology.module.css'
import type { CanvasHandle } from './topology-canvas.tsx'

interface Props {
  canvas: RefObject<CanvasHandle | null>
  onArrange(): void
}

export function ZoomButtons({ canvas, onArrange }: Props) {
  const buttons = [
    { label: 'Zoom in', keys: '+', icon: IconPlus, act: () => canvas.current?.zoomBy(1.4) },
    { label: 'Zoom out', keys: '−', icon: IconMinus, act: () => canvas.current?.zoomBy(1 / 1.4) },
    { label: 'Fit to the screen', keys: '0', icon: IconFocusCentered, act: () => canvas.current?.fit() },
    { label: 'Arrange anew: forgets the places', icon: IconRefresh, act: onArrange },
  ]
  return (
    <div className={classes.zoom}>
      {buttons.map(({ label, keys, icon: Icon, act }) => (
        <button
          key={label}
          type="button"
          aria-label={label}
          aria-keyshortcuts={keys}
          onClick={act}
          {...tip(keys ? `${label} (${keys})` : label)}
        >
          <Icon size={16} stroke={1.6} aria-hidden />
        </button>
      ))}
    </div>
  )
}
