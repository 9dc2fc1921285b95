import '@fontsource-variable/inter/wght.css'
import './mantine.css'
import './global.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { ApiError } from '@/lib/api'
import { setupI18n, type FaceTexts } from '@/lib/i18n'
import { CrashBoundary } from './CrashBoundary'
import { resolveVariables, theme } from './theme'
import { Toasts } from './toasts'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 3 && error instanceof ApiError && (error.kind === 'unreachable' || error.kind === 'unavailable'),
    },
  },
})

/** Starts a face: theme, texts, REST cache and toasts around `app`. */
export function mount(app: ReactNode, texts: FaceTexts): void {
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={setupI18n(texts)}>
        <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="dark">
          <QueryClientProvider client={queries}>
            <Toasts />
            <CrashBoundary>{app}</CrashBoundary>
          </QueryClientProvider>
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>,
  )
}
