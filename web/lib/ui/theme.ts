/** Siaga's own theme: graphite panels, thin lines, tabular figures; strong colour only where something needs an eye. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'
import { HUES, type Scheme } from './tokens'

/** Lightest text … body … deepest. */
const graphite: MantineColorsTuple = [
  '#dbe2ea', '#b3bec9', '#8d9aa8', '#64717f', '#3b4753', '#2b353f', '#1e262f', '#0f141a', '#0b0f14', '#070a0d',
]
const signal: MantineColorsTuple = [
  '#e6f3ff', '#cde4fb', '#9dc9f5', '#75b5f2', '#5aa9f0', '#3f97e6', '#2a86d6', '#1a6bb8', '#155a9c', '#0d4780',
]
const alert: MantineColorsTuple = [
  '#ffecea', '#ffd5d2', '#ffaba6', '#ff7f78', '#ff5a52', '#f2403a', '#dc2b28', '#c81e1e', '#a71616', '#870f0f',
]

export const surfaces: Record<Scheme, Record<string, string>> = {
  dark: {
    '--sg-ground': '#0a0e13',
    '--sg-panel': '#11171e',
    '--sg-raised': '#18202a',
    '--sg-line': '#252f3a',
    '--sg-line-strong': '#3a4754',
    '--sg-text': '#dbe2ea',
    '--sg-text-dim': '#93a1b1',
    '--sg-selected': '#16304a',
    '--sg-key': '#222c37',
    '--sg-on-hue': '#0a0e13',
  },
  light: {
    '--sg-ground': '#e8ecf0',
    '--sg-panel': '#fbfcfd',
    '--sg-raised': '#f1f4f7',
    '--sg-line': '#d3dae1',
    '--sg-line-strong': '#aab5c0',
    '--sg-text': '#17202a',
    '--sg-text-dim': '#556271',
    '--sg-selected': '#d6e9fb',
    '--sg-key': '#e4e9ee',
    '--sg-on-hue': '#ffffff',
  },
}

export const theme = createTheme({
  colors: { dark: graphite, signal, alert },
  primaryColor: 'signal',
  primaryShade: { dark: 6, light: 7 },
  autoContrast: true,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.6875rem', sm: '0.78125rem', md: '0.875rem', lg: '1.0625rem', xl: '1.375rem' },
  lineHeights: { xs: '1.25', sm: '1.3', md: '1.4', lg: '1.4', xl: '1.3' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '2px', sm: '3px', md: '4px', lg: '6px', xl: '10px' },
  defaultRadius: 'sm',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.0625rem' } } },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Modal: {
      styles: { content: { background: 'var(--sg-panel)' }, header: { background: 'var(--sg-panel)' }, title: { fontWeight: 650 } },
      defaultProps: { centered: true, transitionProps: { duration: 80 }, overlayProps: { backgroundOpacity: 0.5 } },
    },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, fz: 'xs' } },
    Menu: { defaultProps: { transitionProps: { duration: 80 } } },
  },
})

const hues = (scheme: Scheme): Record<string, string> =>
  Object.fromEntries(Object.entries(HUES).map(([name, value]) => [`--sg-${name}`, value[scheme]]))

const ofScheme = (scheme: Scheme): Record<string, string> => ({
  ...surfaces[scheme],
  ...hues(scheme),
  '--mantine-color-body': surfaces[scheme]['--sg-ground'] ?? '',
  '--mantine-color-text': surfaces[scheme]['--sg-text'] ?? '',
  '--mantine-color-dimmed': surfaces[scheme]['--sg-text-dim'] ?? '',
  '--mantine-color-default': surfaces[scheme]['--sg-raised'] ?? '',
  '--mantine-color-default-border': surfaces[scheme]['--sg-line-strong'] ?? '',
})

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  dark: ofScheme('dark'),
  light: ofScheme('light'),
})
