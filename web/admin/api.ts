/** Every call of this face by name. */
import { command, get, type CommandOptions, type RequestOptions } from '@/lib/api/client'
import type { PlaceMark } from '@/lib/api/types'
import type {
  Block, ImportPreview, ImportRecord, ModuleView, PersonView, PluginView, Reference, Row, RowChange, RowsPage,
  SheetBody, SheetRow, Values,
} from './model'
import type { Text } from '@/lib/api/types'

const part = encodeURIComponent
/** A file of 10 MB over a phone's network. */
const UPLOAD_WITHIN_MS = 120_000

export interface Said {
  message: Text
}

export interface ListQuery {
  q?: string
  sort?: string
  archived?: boolean
  filters?: Readonly<Record<string, string>>
}

/** The query part of an address, '' when nothing is asked. */
export function queryOf(list: ListQuery, more: Readonly<Record<string, string>> = {}): string {
  const pairs: [string, string][] = [
    ['q', list.q ?? ''],
    ['sort', list.sort ?? ''],
    ['archived', list.archived === true ? 'true' : ''],
    ...Object.entries(list.filters ?? {}).map(([name, value]): [string, string] => [`f.${name}`, value]),
    ...Object.entries(more),
  ]
  const asked = pairs.filter(([, value]) => value !== '')
  return asked.length === 0 ? '' : `?${new URLSearchParams(asked).toString()}`
}

const rows = (plugin: string, resource: string): string => `/plugins/${part(plugin)}/rows/${part(resource)}`
const filtersOf = (filters: Readonly<Record<string, string>>): string => queryOf({ filters })

export const plugins = {
  all: (o?: RequestOptions) => get<{ plugins: PluginView[] }>('/plugins', o).then(({ plugins: all }) => all),
  report: (plugin: string, name: string, filters: Readonly<Record<string, string>>, lang: string, o?: RequestOptions) =>
    get<{ blocks: Block[] }>(`/plugins/${part(plugin)}/reports/${part(name)}${queryOf({ filters }, { lang })}`, o),
  sheet: (plugin: string, name: string, head: Readonly<Record<string, string>>, o?: RequestOptions) =>
    get<{ rows: SheetRow[] }>(`/plugins/${part(plugin)}/sheets/${part(name)}${filtersOf(head)}`, o),
  sendSheet: (plugin: string, name: string, body: SheetBody, o: CommandOptions) =>
    command<Said>('POST', `/plugins/${part(plugin)}/sheets/${part(name)}`, body, o),
  submit: (plugin: string, name: string, values: Values, o?: CommandOptions) =>
    command<Said>('POST', `/plugins/${part(plugin)}/forms/${part(name)}`, { values }, o),
  upload: (plugin: string, file: Blob, o?: CommandOptions) =>
    command<{ id: string }>('POST', `/plugins/${part(plugin)}/files`, file, { timeoutMs: UPLOAD_WITHIN_MS, ...o }),
  fileAt: (id: string): string => `/files/${part(id)}`,
  exportAt: (plugin: string, name: string, form: 'csv' | 'xlsx'): string =>
    `/api/plugins/${part(plugin)}/exports/${part(name)}.${form}`,
}

export const records = {
  list: (plugin: string, resource: string, list: ListQuery, cursor: string | null, o?: RequestOptions) =>
    get<RowsPage>(`${rows(plugin, resource)}${queryOf(list, { cursor: cursor ?? '', limit: '50' })}`, o),
  one: (plugin: string, resource: string, id: string, o?: RequestOptions) =>
    get<Row>(`${rows(plugin, resource)}/${part(id)}`, o),
  history: (plugin: string, resource: string, id: string, o?: RequestOptions) =>
    get<{ items: RowChange[] }>(`${rows(plugin, resource)}/${part(id)}/history`, o).then(({ items }) => items),
  add: (plugin: string, resource: string, values: Values, o?: CommandOptions) =>
    command<Row>('POST', rows(plugin, resource), { values }, o),
  edit: (plugin: string, resource: string, id: string, values: Values, o: CommandOptions) =>
    command<Row>('PUT', `${rows(plugin, resource)}/${part(id)}`, { values }, o),
  archive: (plugin: string, resource: string, id: string, o?: CommandOptions) =>
    command<Row>('DELETE', `${rows(plugin, resource)}/${part(id)}`, undefined, o),
  restore: (plugin: string, resource: string, id: string, o?: CommandOptions) =>
    command<Row>('POST', `${rows(plugin, resource)}/${part(id)}/restore`, {}, o),
  act: (plugin: string, resource: string, id: string, action: string, values: Values, o?: CommandOptions) =>
    command<Said & { row: Row }>('POST', `${rows(plugin, resource)}/${part(id)}/actions/${part(action)}`, { values }, o),
  choices: (plugin: string, resource: string, q: string, o?: RequestOptions) =>
    get<Reference[]>(`${rows(plugin, resource)}/choices${queryOf({ q })}`, o),
  exportAt: (plugin: string, resource: string, form: 'csv' | 'xlsx', list: ListQuery): string =>
    `/api${rows(plugin, resource)}/export.${form}${queryOf(list)}`,
}

export const imports = {
  templateAt: (plugin: string, resource: string, form: 'csv' | 'xlsx'): string =>
    `/api${rows(plugin, resource)}/template.${form}`,
  check: (plugin: string, resource: string, file: File, o?: CommandOptions) =>
    command<ImportPreview>('POST', `${rows(plugin, resource)}/imports?filename=${part(file.name)}`, file, {
      timeoutMs: UPLOAD_WITHIN_MS,
      ...o,
    }),
  apply: (plugin: string, resource: string, id: string, o?: CommandOptions) =>
    command<ImportRecord>('POST', `${rows(plugin, resource)}/imports/${part(id)}/apply`, {}, {
      timeoutMs: UPLOAD_WITHIN_MS,
      ...o,
    }),
  undo: (plugin: string, resource: string, id: string, o?: CommandOptions) =>
    command<ImportRecord>('POST', `${rows(plugin, resource)}/imports/${part(id)}/undo`, {}, {
      timeoutMs: UPLOAD_WITHIN_MS,
      ...o,
    }),
  history: (plugin: string, resource: string, o?: RequestOptions) =>
    get<ImportRecord[] | { items: ImportRecord[] }>(`${rows(plugin, resource)}/imports`, o).then((answer) =>
      Array.isArray(answer) ? answer : answer.items,
    ),
}

export interface PersonEdit {
  display_name: string
  roles: string[]
  grants: string[]
  disabled: boolean
}

const list = <T>(answer: T[] | { items: T[] }): T[] => (Array.isArray(answer) ? answer : answer.items)

export const admin = {
  modules: (o?: RequestOptions) => get<ModuleView[] | { items: ModuleView[] }>('/admin/plugins', o).then(list),
  switch: (name: string, on: boolean, o?: CommandOptions) =>
    command<unknown>('POST', `/admin/plugins/${part(name)}/${on ? 'on' : 'off'}`, {}, o),
  settings: (name: string, values: Record<string, unknown>, o?: CommandOptions) =>
    command<unknown>('PUT', `/admin/plugins/${part(name)}/settings`, { values }, o),
  people: (o?: RequestOptions) => get<PersonView[] | { items: PersonView[] }>('/admin/people', o).then(list),
  addPerson: (person: { username: string; password: string } & Omit<PersonEdit, 'disabled'>, o?: CommandOptions) =>
    command<PersonView>('POST', '/admin/people', person, o),
  editPerson: (id: string, person: PersonEdit, o?: CommandOptions) =>
    command<PersonView>('PUT', `/admin/people/${part(id)}`, person, o),
  password: (id: string, password: string, o?: CommandOptions) =>
    command<void>('POST', `/admin/people/${part(id)}/password`, { password }, o),
}

/** The centre's villages; their ids are the official codes. */
export const villages = (o?: RequestOptions): Promise<PlaceMark[]> =>
  get<PlaceMark[]>('/places/all', o).then((all) => all.filter(({ kind }) => kind === 'desa' || kind === 'kelurahan'))
