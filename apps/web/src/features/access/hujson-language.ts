import { StreamLanguage, type StreamParser } from '@codemirror/language'

type State = { depth: number; isInComment: boolean }

/** JSON with comments: enough for colours, brackets and indentation. What is wrong with a text is said by the policy's own reader. */
const parser: StreamParser<State> = {
  name: 'hujson',
  startState: () => ({ depth: 0, isInComment: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.isInComment) {
      if (stream.skipTo('*/')) {
        stream.match('*/')
        state.isInComment = false
      } else stream.skipToEnd()
      return 'blockComment'
    }
    if (stream.eatSpace()) return null
    if (stream.match('//')) {
      stream.skipToEnd()
      return 'lineComment'
    }
    if (stream.match('/*')) {
      state.isInComment = true
      return 'blockComment'
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return stream.match(/^\s*:/, false) ? 'propertyName' : 'string'
    if (stream.match(/^[[{]/)) {
      state.depth++
      return 'bracket'
    }
    if (stream.match(/^[\]}]/)) {
      state.depth = Math.max(0, state.depth - 1)
      return 'bracket'
    }
    if (stream.match(/^-?[0-9][0-9.eE+-]*/)) return 'number'
    if (stream.match(/^(?:true|false|null)\b/)) return 'keyword'
    stream.next()
    return null
  },
  indent: ({ depth }, textAfter, { unit }) => Math.max(0, depth - (/^\s*[\]}]/.test(textAfter) ? 1 : 0)) * unit,
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['[', '{', '"'] },
    indentOnInput: /^\s*[\]}]$/,
  },
}

export const hujson = StreamLanguage.define(parser)
