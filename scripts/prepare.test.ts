import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeTooOld } from './prepare.mjs'

test.each(['20.19.0', '20.20.2', '22.0.0', '24.11.1'])('Node %s runs Spanwire', (version) => {
  expect(nodeTooOld(version)).toBeNull()
})

test.each(['18.20.8', '20.18.3', '16.0.0'])('Node %s is told which one is needed and where it is', (version) => {
  expect(nodeTooOld(version)).toMatch(new RegExp(`needs Node 20\\.19 or newer and this is ${version}: .*nodejs\\.org`))
})

test('npm start -- --help works where nothing is installed or built', () => {
  const clone = mkdtempSync(join(tmpdir(), 'spanwire-clone-'))
  try {
    for (const path of ['package.json', 'scripts/start.mjs', 'scripts/prepare.mjs', 'apps/server/src/help.mjs']) {
      mkdirSync(dirname(join(clone, path)), { recursive: true })
      copyFileSync(path, join(clone, path))
    }
    const said = execFileSync('npm', ['start', '--silent', '--', '--help'], { cwd: clone, encoding: 'utf8' })
    expect(said).toContain('SPANWIRE_URL')
    expect(said).toContain('usage: npm start')
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
})
