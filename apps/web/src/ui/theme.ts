import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Mantine's own shades, made to meet tokens.css: components take theirs from the variables there (see css-variables.ts). */
const neutralLight: MantineColorsTuple = [
  '#f7f8f8',
  '#f0f2f3',
  '#e2e6e8',
  '#c9d0d4',
  '#a9b3b9',
  '#8b979e',
  '#5f6b72',
  '#4a555b',
  '#2b3338',
  '#14191c',
]
const neutralDark: MantineColorsTuple = [
  '#e8ecee',
  '#b0bac0',
  '#93a0a8',
  '#6d7a82',
  '#3a444b',
  '#262d32',
  '#1b2024',
  '#15191c',
  '#0f1214',
  '#0a0c0e',
]
const accent: MantineColorsTuple = [
  '#eef2ff',
  '#dbe4ff',
  '#bccbff',
  '#a9beff',
  '#8aa6ff',
  '#3d66e6',
  '#2a52cf',
  '#1f41ad',
  '#19358d',
  '#142a70',
]
const bad: MantineColorsTuple = [
  '#fdeae0',
  '#fbd5c2',
  '#ffb592',
  '#ff9665',
  '#f0703a',
  '#c44a08',
  '#ad3c00',
  '#8f3200',
  '#742900',
  '#5a2000',
]

const quick = { duration: 120, exitDuration: 80 }

/** A dialog's head is no banner of the page, and its cross has a name. */
const dialog = { closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } } }

/** A control is 32 px high: eight steps of the grid, and still easy to hit. */
const dense = {
  button: { '--button-height': '32px', '--button-padding-x': '12px', '--button-fz': '13px' },
  input: { '--input-height': '32px', '--input-fz': '13px' },
}

type Sized = { size?: unknown }

// Plain objects, not `Modal.extend`: a theme that imports components brings their scripts to every page.
export const theme = createTheme({
  fontFamily: 'var(--font-geist-sans), system-ui, sans-serif',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--font-geist-sans), system-ui, sans-serif', fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '5px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  colors: { gray: neutralLight, dark: neutralDark, accent, bad },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  shadows: { xs: 'none', sm: 'none', md: 'var(--shadow)', lg: 'var(--shadow)', xl: 'var(--shadow)' },
  components: {
    Button: {
      defaultProps: { size: 'sm' },
      styles: { label: { fontWeight: 500 } },
      vars: (_: unknown, { size }: Sized) => ({ root: size === 'sm' ? dense.button : {} }),
    },
    Input: { vars: (_: unknown, { size }: Sized) => ({ wrapper: size === 'sm' ? dense.input : {} }) },
    InputWrapper: { styles: { description: { fontSize: 12, lineHeight: '16px' } } },
    TextInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm', hideControls: true } },
    NativeSelect: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, multiline: true, maw: 320, transitionProps: quick } },
    Modal: {
      defaultProps: {
        ...dialog,
        transitionProps: { transition: 'fade', ...quick },
        centered: true,
        overlayProps: { backgroundOpacity: 0.4 },
      },
      styles: { title: { fontSize: 16, fontWeight: 600 } },
    },
    Drawer: { defaultProps: { ...dialog, transitionProps: quick } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { transition: 'fade', ...quick } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { transition: 'fade', ...quick } } },
  },
})
