// Keeps the page startable without network; what it shows is kept by the page itself.
const CACHE = 'siaga-admin-1'
const SHELL = '/admin/'
// Three versions of the page; the oldest files go first.
const MOST_FILES = 80
// Scripts are fetched with an Origin header and kept without one: the files are the same.
const ANY_ORIGIN = { ignoreVary: true }

const isFile = (path) => path.startsWith('/assets/') || path === '/favicon.svg'

/** The page and all that it names; hashed files never change, so they are kept once fetched. */
async function keepShell() {
  const cache = await caches.open(CACHE)
  const page = await fetch(SHELL, { cache: 'no-cache' })
  if (!page.ok) return
  const html = await page.clone().text()
  await cache.put(SHELL, page)
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file)
  await cache.addAll(['/favicon.svg', ...files])
  const styles = await Promise.all(files.filter((file) => file.endsWith('.css')).map((file) => cache.match(file, ANY_ORIGIN)))
  const css = (await Promise.all(styles.map((style) => style.text()))).join('')
  const fonts = [...css.matchAll(/[\w.-]+-latin-wght-normal[\w.-]*\.woff2/g)].map(([name]) => `/assets/${name}`)
  await cache.addAll(fonts)
}

async function pageOrKept(request) {
  try {
    const page = await fetch(request)
    if (page.ok) await (await caches.open(CACHE)).put(SHELL, page.clone())
    return page
  } catch (error) {
    const kept = await caches.match(SHELL, ANY_ORIGIN)
    if (kept) return kept
    throw error
  }
}

async function keptOrFetched(request) {
  const kept = await caches.match(request, ANY_ORIGIN)
  if (kept) return kept
  const file = await fetch(request)
  if (file.ok) {
    const cache = await caches.open(CACHE)
    await cache.put(request, file.clone())
    const old = (await cache.keys()).filter(({ url }) => isFile(new URL(url).pathname)).slice(0, -MOST_FILES)
    await Promise.all(old.map((one) => cache.delete(one, ANY_ORIGIN)))
  }
  return file
}

self.addEventListener('install', (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && url.pathname.startsWith(SHELL)) event.respondWith(pageOrKept(request))
  else if (isFile(url.pathname)) event.respondWith(keptOrFetched(request))
})

