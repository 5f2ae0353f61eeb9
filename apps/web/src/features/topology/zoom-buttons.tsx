import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconMinus, IconPlus, IconRefresh } from '@tabler/icons-react'
import type { RefObject } from 'react'
import classes from './topology.module.css'
import type { CanvasHandle } from './topology-canvas.tsx'

interface Props {
  canvas: RefObject<CanvasHandle | null>
  onArrange(): void
}

export function ZoomButtons({ canvas, onArrange }: Props) {
  const buttons = [
    { label: 'Zoom in (+)', icon: IconPlus, act: () => canvas.current?.zoomBy(1.4) },
    { label: 'Zoom out (−)', icon: IconMinus, act: () => canvas.current?.zoomBy(1 / 1.4) },
    { label: 'Fit all (0)', icon: IconArrowsMaximize, act: () => canvas.current?.fit() },
    { label: 'Arrange anew: forgets the places', icon: IconRefresh, act: onArrange },
  ]
  return (
    <div className={classes.zoom}>
      {buttons.map(({ label, icon: Icon, act }) => (
        <Tooltip key={label} label={label} position="left">
          <ActionIcon variant="default" size={34} aria-label={label} onClick={act}>
            <Icon size={16} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  )
}
