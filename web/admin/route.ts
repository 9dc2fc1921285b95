/** Pure: the page as the address says it after '#', so that it survives a reload and can be shared. */

export type Route =
  | { at: 'home' }
  | { at: 'modules'; name: string | null }
  | { at: 'people'; id: string | null }
  | { at: 'places'; id: string | null }
  | { at: 'protocols'; code: string | null }
  | { at: 'waiting' }
  | {
      at: 'page'
      plugin: string
      page: string
      /** A row's id, 'new', or null where only the list is open. */
      row: string | null
      importing: boolean
      q: string
      sort: string
      archived: boolean
      filters: Readonly<Record<string, string>>
    }

export type PageRoute = Extract<Route, { at: 'page' }>

const FILTER = 'f.'

export function pageRoute(plugin: string, page: string, more: Partial<PageRoute> = {}): PageRoute {
  return { at: 'page', plugin, page, row: null, importing: false, q: '', sort: '', archived: false, filters: {}, ...more }
}

function decoded(part: string | undefined): string | null {
  if (part === undefined || part === '') return null
  try {
    return decodeURIComponent(part)
  } catch {
    return null // somebody cut the address short
  }
}

/** '#/-/modules/puspita', '#/puspita/destinations/ID?q=pantai&f.state=open'. What cannot be read is the home page. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  const [first, second, third] = path.split('/').map(decoded)
  if (first === '-') return ownRoute(second ?? null, third ?? null)
  if (!first || !second) return { at: 'home' }
  return pluginRoute(first, second, third ?? null, query)
}

/** Pages that are of no plugin. */
function ownRoute(page: string | null, chosen: string | null): Route {
  if (page === 'modules') return { at: 'modules', name: chosen }
  if (page === 'people') return { at: 'people', id: chosen }
  if (page === 'places') return { at: 'places', id: chosen }
  if (page === 'protocols') return { at: 'protocols', code: chosen }
  return page === 'waiting' ? { at: 'waiting' } : { at: 'home' }
}

function pluginRoute(plugin: string, page: string, third: string | null, query: string): PageRoute {
  const asked = new URLSearchParams(query)
  const filters = [...asked].filter(([name]) => name.startsWith(FILTER)).map(([name, value]) => [name.slice(2), value])
  return pageRoute(plugin, page, {
    row: third === '-import' ? null : third,
    importing: third === '-import',
    q: asked.get('q') ?? '',
    sort: asked.get('sort') ?? '',
    archived: asked.get('archived') === '1',
    filters: Object.fromEntries(filters) as Record<string, string>,
  })
}

const part = encodeURIComponent
const tail = (last: string | null): string => (last === null ? '' : `/${part(last)}`)

export function formatRoute(route: Route): string {
  switch (route.at) {
    case 'home':
      return '#/'
    case 'waiting':
      return '#/-/waiting'
    case 'modules':
      return `#/-/modules${tail(route.name)}`
    case 'people':
      return `#/-/people${tail(route.id)}`
    case 'places':
      return `#/-/places${tail(route.id)}`
    case 'protocols':
      return `#/-/protocols${tail(route.code)}`
    case 'page':
      return `#/${part(route.plugin)}/${part(route.page)}${route.importing ? '/-import' : tail(route.row)}${queryPart(route)}`
  }
}

function queryPart({ q, sort, archived, filters }: PageRoute): string {
  const pairs: [string, string][] = [['q', q], ['sort', sort], ['archived', archived ? '1' : '']]
  pairs.push(...Object.entries(filters).map(([name, value]): [string, string] => [FILTER + name, value]))
  const asked = pairs.filter(([, value]) => value !== '')
  return asked.length === 0 ? '' : `?${new URLSearchParams(asked).toString()}`
}

/** What must stay for a half-typed form to stay: the page and its row, not the search beside it. */
export function placeOf(route: Route): string {
  return route.at === 'page' ? formatRoute(pageRoute(route.plugin, route.page, { row: route.row, importing: route.importing })) : formatRoute(route)
}
