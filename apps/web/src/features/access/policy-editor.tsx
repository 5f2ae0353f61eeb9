'use client'

import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { Mark } from './marks-of.ts'
import type { Editor, EditorOptions } from './open-editor.ts'
import classes from './policy-editor.module.css'

export type EditorDoor = { readonly showLine: (line: number) => void }

type Props = {
  door: Ref<EditorDoor>
  text: string
  marks: readonly Mark[]
  isReadOnly: boolean
  onText: (text: string) => void
  onSave: () => void
  onReady: () => void
  offer: EditorOptions['offer']
}

/** The editor in its place. Until its scripts are there the text stands in it to be read; when they cannot be had, a plain field. */
export function PolicyEditor(props: Props) {
  const { door, text, marks, isReadOnly } = props
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor | null>(null)
  const latest = useRef(props)
  const [state, setState] = useState<'loading' | 'open' | 'failed'>('loading')
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    let isGone = false
    import('./open-editor.ts').then(
      ({ openEditor }) => {
        if (isGone || !box.current) return
        editor.current = openEditor(box.current, {
          text: latest.current.text,
          isReadOnly: latest.current.isReadOnly,
          onText: (next) => latest.current.onText(next),
          onSave: () => latest.current.onSave(),
          offer: (next, at) => latest.current.offer(next, at),
        })
        setState('open')
      },
      () => setState('failed'),
    )
    return () => {
      isGone = true
      editor.current?.close()
      editor.current = null
    }
  }, [])

  useEffect(() => {
    if (state === 'open') latest.current.onReady()
  }, [state])
  useEffect(() => editor.current?.setText(text), [text])
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks that came before the editor are set when it opens
  useEffect(() => editor.current?.setMarks(marks), [marks, state])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => editor.current?.setReadOnly(isReadOnly), [isReadOnly, state])
  useImperativeHandle(door, () => ({ showLine: (line) => editor.current?.showLine(line) }), [])

  return (
    <div className={classes.frame} data-state={state}>
      {state === 'loading' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        <section className={classes.still} tabIndex={0} aria-label="The policy as text">
          {text}
        </section>
      )}
      {state === 'failed' && (
        <textarea
          className={classes.plain}
          aria-label="The policy as text"
          value={text}
          readOnly={isReadOnly}
          spellCheck={false}
          onChange={(event) => props.onText(event.currentTarget.value)}
        />
      )}
      <div ref={box} className={classes.box} />
    </div>
  )
}
