import type { CSSVariablesResolver } from '@mantine/core'

const shared = {
  '--mantine-color-body': 'var(--raised)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-bad-light-color': 'var(--bad)',
  '--mantine-color-bad-outline': 'var(--bad)',
  '--mantine-color-bad-light-hover': 'var(--bad-bg)',
  '--mantine-color-bad-outline-hover': 'var(--bad-bg)',
  '--mantine-color-accent-light-color': 'var(--accent)',
  '--mantine-color-accent-light-hover': 'var(--hover)',
  '--mantine-color-disabled': 'var(--quiet-bg)',
  '--mantine-color-disabled-color': 'var(--text-3)',
}

/** Mantine's components in the colours of tokens.css, the same in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
