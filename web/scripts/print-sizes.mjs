// Prints each face's gzip'd JavaScript and CSS: what loads at once, and what loads when it is opened (dynamic imports).
// Fails when a face is over its budget.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'))
const budgets = {
  'index.html': { first: 190, all: 230 }, // all: the menus too, which lie beside its code and are never opened there
  'console/index.html': { first: 600, all: 600 },
  'responder/index.html': { first: 190, all: 600 },
  'supervisor/index.html': { first: 600, all: 600 },
  'site/site.ts': { first: 20, all: 400 }, // of 100 with the page itself and the font
  'admin/index.html': { first: 250, all: 650 },
}
const kilobytes = (file) => gzipSync(readFileSync(dist + file)).length / 1000

function files(key, deep, seen = new Set()) {
  const chunk = manifest[key]
  if (seen.has(key) || chunk === undefined) return []
  seen.add(key)
  const next = [...(chunk.imports ?? []), ...(deep ? (chunk.dynamicImports ?? []) : [])]
  return [chunk.file, ...(chunk.css ?? []), ...next.flatMap((child) => files(child, deep, seen))]
}

/** Code that no import names, as of a worker: it counts where all is opened. */
const named = new Set(Object.values(manifest).flatMap((chunk) => [chunk.file, ...(chunk.css ?? [])]))
const unnamed = readdirSync(`${dist}assets`)
  .map((name) => `assets/${name}`)
  .filter((file) => file.endsWith('.js') && !named.has(file))

const sum = (list) => [...new Set(list)].reduce((total, file) => total + kilobytes(file), 0)
let over = false
for (const [face, budget] of Object.entries(budgets)) {
  if (manifest[face] === undefined) continue
  const first = sum(files(face, false))
  const all = sum([...files(face, true), ...unnamed])
  const fits = first <= budget.first && all <= budget.all
  over ||= !fits
  process.stdout.write(
    `${face.padEnd(24)} at once ${first.toFixed(0).padStart(4)} kB, with all opened ${all.toFixed(0).padStart(4)} kB ` +
      `(budget ${budget.first}/${budget.all}) ${fits ? 'ok' : 'OVER'}\n`,
  )
}
process.exit(over ? 1 : 0)
