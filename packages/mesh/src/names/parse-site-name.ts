import { err, type Fault, ok, type Result } from '../result.ts'

const MAX_CHARACTERS = 64

/**
 * A place in the words of the people there: "Køge, rack 2". Never rendered into a file on a node; what shells, quotes and
 * terminals could take for more than text is refused all the same.
 */
export function parseSiteName(text: string): Result<string, Fault<'empty' | 'too-long' | 'bad-characters'>> {
  const name = text.trim().normalize('NFC')
  if (name === '') return err({ kind: 'empty', message: 'a site needs a name, like "Berlin" or "home of Ada"' })
  // Controls, invisible format characters, separators of lines, lone surrogates, private and unassigned code points.
  const bad = /[\p{C}\p{Zl}\p{Zp}"'\\$`]/u.exec(name)?.[0]
  if (bad !== undefined) {
    const shown = /[\p{C}\p{Zl}\p{Zp}]/u.test(bad) ? 'invisible characters or line breaks' : `the character ${bad}`
    return err({ kind: 'bad-characters', message: `a site name must not have ${shown}; leave it out` })
  }
  const length = [...name].length
  if (length > MAX_CHARACTERS) {
    return err({
      kind: 'too-long',
      message: `a site name has ${MAX_CHARACTERS} characters at most, this has ${length}`,
    })
  }
  return ok(name)
}
