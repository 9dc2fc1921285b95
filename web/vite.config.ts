import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const backend = 'http://127.0.0.1:8112'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': at('.') } },
  build: {
    target: 'es2022',
    outDir: 'dist',
    chunkSizeWarningLimit: 1200, // MapLibre is one chunk of about 1 MB
    manifest: true, // scripts/print-sizes.mjs adds up what each face loads
    rolldownOptions: {
      input: {
        signin: at('index.html'),
        console: at('console/index.html'),
        responder: at('responder/index.html'),
        supervisor: at('supervisor/index.html'),
        admin: at('admin/index.html'),
        site: at('site/site.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'site' ? 'public/site.js' : 'assets/[name]-[hash].js'),
        assetFileNames: ({ names }) => (names.includes('site.css') ? 'public/site.css' : 'assets/[name]-[hash][extname]'),
      }, // pages that the server draws name the site's files, so their names stay
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: backend, ws: true },
      '/healthz': backend,
      '/readyz': backend,
    },
  },
  test: { environment: 'node', include: ['**/*.test.{ts,tsx}'] },
})
