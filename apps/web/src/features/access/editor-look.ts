import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The console's own colours, by their variables: dark and light need no second editor. */
const surface = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--text)', backgroundColor: 'var(--surface)' },
  // Its frame shows the focus.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px 0 4px' },
  '.cm-gutters': { color: 'var(--text-3)', backgroundColor: 'var(--surface)', border: 'none' },
  '.cm-activeLineGutter': { color: 'var(--text)', backgroundColor: 'transparent' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 60%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { color: 'var(--accent)', backgroundColor: 'var(--selected)' },
  '&.cm-focused .cm-nonmatchingBracket': { color: 'var(--bad)', backgroundColor: 'transparent' },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--raised)',
    border: 'none',
    borderRadius: '6px',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  // On a phone it leaves a margin on both sides, and long names go on in a second line.
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    maxHeight: '240px',
    minWidth: 'min(250px, 100vw - 24px)',
    maxWidth: 'min(560px, 100vw - 24px)',
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 12px', lineHeight: '20px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--text)',
    backgroundColor: 'var(--selected)',
  },
  '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none' },
  '.cm-completionDetail': {
    color: 'var(--text-3)',
    fontStyle: 'normal',
    fontFamily: 'var(--font-geist-sans), sans-serif',
  },
  '.cm-tooltip-lint': { maxWidth: 'min(480px, 80vw)' },
  '.cm-diagnostic': { padding: '6px 12px', fontFamily: 'var(--font-geist-sans), sans-serif', whiteSpace: 'normal' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad-mark)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warn-mark)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad-mark)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--warn-mark)',
    textUnderlineOffset: '3px',
  },
  '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--bg)', borderColor: 'var(--line)' },
  '.cm-panels input, .cm-panels button': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    backgroundImage: 'none',
    border: '1px solid var(--field-line)',
    borderRadius: '4px',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-bg)', outline: '1px solid var(--warn-mark)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--selected)' },
  '.cm-rule-shown': { backgroundColor: 'var(--selected)' },
})

const words = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.keyword], color: 'var(--info)' },
  { tag: tags.bracket, color: 'var(--text-2)' },
])

export const editorLook = [surface, syntaxHighlighting(words)]
