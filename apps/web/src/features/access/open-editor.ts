/** The text editor, with all its scripts: only ever imported when the page of the policy is open. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching, indentOnInput } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  tooltips,
} from '@codemirror/view'
import { editorLook } from './editor-look.ts'
import { hujson } from './hujson-language.ts'
import type { Mark } from './marks-of.ts'
import type { Offer } from './offer-words.ts'

export type EditorOptions = {
  readonly text: string
  readonly isReadOnly: boolean
  readonly onText: (text: string) => void
  /** Ctrl or ⌘ with S. */
  readonly onSave: () => void
  readonly offer: (text: string, at: number) => Offer | null
}

export type Editor = {
  /** What the form or a button made of the text: undone like any typing. */
  setText: (text: string) => void
  setMarks: (marks: readonly Mark[]) => void
  setReadOnly: (isReadOnly: boolean) => void
  /** Lines from 1. */
  showLine: (line: number) => void
  close: () => void
}

export function openEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const lock = new Compartment()
  const locked = (isReadOnly: boolean) => [EditorState.readOnly.of(isReadOnly)]
  let isOurs = false
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        highlightSpecialChars(),
        history(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        search({ top: true }),
        lintGutter(),
        EditorView.lineWrapping,
        tooltips({ tooltipSpace: roomOf }),
        autocompletion({ override: [(context) => complete(context, options.offer)], icons: false }),
        // Tab is left to the page: whoever has no mouse must get out of the text.
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: () => saved(options) },
          ...[closeBracketsKeymap, defaultKeymap, searchKeymap, historyKeymap, completionKeymap, lintKeymap].flat(),
        ]),
        hujson,
        editorLook,
        lock.of(locked(options.isReadOnly)),
        EditorView.contentAttributes.of({
          'aria-label': 'The policy as text',
          // What can be written into can be reached; not every checker knows it.
          tabindex: '0',
          autocapitalize: 'off',
          autocorrect: 'off',
          spellcheck: 'false',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isOurs) options.onText(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    setText: (text) => {
      const change = smallestChange(view.state.doc.toString(), text)
      if (!change) return
      isOurs = true
      view.dispatch({ changes: change, scrollIntoView: false })
      isOurs = false
    },
    setMarks: (marks) => {
      const { length } = view.state.doc
      const diagnostics: Diagnostic[] = marks
        .filter(({ from }) => from <= length)
        .map(({ severity, from, to, text }) => ({ severity, from, to: Math.min(to, length), message: text }))
      view.dispatch(setDiagnostics(view.state, diagnostics))
    },
    setReadOnly: (isReadOnly) => view.dispatch({ effects: lock.reconfigure(locked(isReadOnly)) }),
    showLine: (line) => {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)))
      view.dispatch({
        selection: { anchor: at.from + (/^\s*/.exec(at.text)?.[0].length ?? 0) },
        effects: EditorView.scrollIntoView(at.from, { y: 'center' }),
      })
      view.focus()
    },
    close: () => view.destroy(),
  }
}

/** Where lists and remarks may stand: a finger's breadth inside of the window, above the tabs of a phone. */
function roomOf({ dom }: EditorView): { top: number; left: number; bottom: number; right: number } {
  const { clientWidth, clientHeight } = dom.ownerDocument.documentElement
  const isPhone = clientWidth < 768
  return { top: 8, left: 8, right: clientWidth - 8, bottom: clientHeight - (isPhone ? 64 : 8) }
}

function complete(context: CompletionContext, offer: EditorOptions['offer']): CompletionResult | null {
  const found = offer(context.state.doc.toString(), context.pos)
  if (!found || (found.from === context.pos && !context.explicit && !found.isEager)) return null
  return {
    from: found.from,
    to: found.to,
    options: found.words.map(({ word, about, goesOn }) => ({
      label: word,
      detail: about,
      apply: goesOn
        ? (view, _completion, from, to) => {
            view.dispatch({
              changes: { from, to, insert: word },
              selection: { anchor: from + word.length },
              userEvent: 'input.complete',
            })
            startCompletion(view)
          }
        : undefined,
    })),
    validFor: /^[^",\s]*$/,
  }
}

function saved({ onSave }: EditorOptions): boolean {
  onSave()
  return true
}

/** What differs between two texts, as one stretch: the caret and the marks outside of it stay where they are. */
function smallestChange(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head++
  let tail = 0
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) }
}
