/** What the server describes of plugins and their pages (docs/plugins.md), and the rows behind them. */
import type { Text } from '@/lib/api/types'

export type Kind =
  | 'text' | 'long_text' | 'integer' | 'decimal' | 'money' | 'date' | 'time' | 'moment' | 'boolean'
  | 'choice' | 'point' | 'village' | 'reference' | 'link' | 'phone' | 'photo'

export interface Choice {
  value: string
  label: Text
}

export interface Field {
  name: string
  label: Text
  kind: Kind
  required: boolean
  hint: Text | null
  choices: Choice[]
  /** Of a reference: the resource that its rows come from. */
  resource: string | null
  least: string | number | null
  most: string | number | null
  longest: number
  unit: Text | null
  default: string | null
  typed: boolean
  in_list: boolean
}

export interface GeoPoint {
  lat: number
  lon: number
}

export type Value = string | number | boolean | GeoPoint | null
export type Values = Record<string, Value>

export interface ActionSpec {
  name: string
  label: Text
  fields: Field[]
  confirm: Text | null
}

interface PageBase {
  name: string
  label: Text
}

export interface ResourcePage extends PageBase {
  kind: 'resource'
  one: Text
  /** Name of the field that names a row. */
  title: string
  fields: Field[]
  search: boolean
  filters: string[]
  /** Field to sort by, '-' in front for descending. */
  order: string
  can_edit: boolean
  importable: boolean
  actions: ActionSpec[]
  empty: Text
}

export interface ReportPage extends PageBase {
  kind: 'report'
  filters: Field[]
}

export interface SheetPage extends PageBase {
  kind: 'sheet'
  head: Field[]
  /** Share of the last value beyond which the person must confirm, e.g. '0.25'. */
  jump: string | null
  places: number
  all_rows_offline: boolean
}

export interface FormPage extends PageBase {
  kind: 'form'
  fields: Field[]
  hint: Text | null
}

export type PluginPage = ResourcePage | ReportPage | SheetPage | FormPage

export interface ExportSpec {
  name: string
  label: Text
}

export interface PluginView {
  name: string
  version: string
  title: Text
  summary: Text
  icon: string
  public_path: string | null
  pages: PluginPage[]
  exports?: ExportSpec[]
}

export interface Row {
  id: string
  version: number
  title: string
  values: Values
  /** What references and villages are called. */
  shown: Record<string, string>
  /** Names of the actions that make sense now. */
  actions: string[]
  archived_at: string | null
  updated_at: string
}

export interface RowsPage {
  items: Row[]
  next: string | null
  total: number | null
}

export interface Fault {
  field: string
  message: Text
  row: number | null
}

export interface Reference {
  id: string
  title: string
}

export interface RowChange {
  id: string
  at: string
  /** Name of who did it, '' when the program did. */
  actor_name: string
  /** create | edit | archive | restore | import | undo | action:<name> */
  what: string
  /** Of an action: what it is called; null where the module has it no more. */
  label: Text | null
  changes: FieldChange[]
}

export interface FieldChange {
  field: string
  label: Text
  before: Value
  after: Value
  /** What a reference or a village is called. */
  before_shown: string | null
  after_shown: string | null
  /** Personal: it changed, and what it said is not kept. */
  hidden: boolean
}

export interface ImportPreview {
  id: string
  new: number
  changed: number
  same: number
  faults: Fault[]
  columns: string[]
  sample: (string | number | boolean | null)[][]
}

export interface ImportRecord {
  id: string
  filename: string
  state: 'checked' | 'applied' | 'undone'
  new: number
  changed: number
  same?: number
  at: string
  actor_name?: string | null
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad'

export interface ChartBlock {
  kind: 'chart'
  title: string
  unit: string
  labels: string[]
  series: { name: string; values: (number | string | null)[] }[]
  style?: 'line' | 'bar'
  chart?: 'line' | 'bar'
}

export interface FactsBlock {
  kind: 'facts'
  title: string
  items: [string, string][]
}

export interface TableBlock {
  kind: 'table'
  title: string
  columns: string[]
  rows: string[][]
  numeric: number[]
  empty: string
}

export interface NoteBlock {
  kind: 'note'
  text: string
  tone: Tone
}

export type Block = ChartBlock | FactsBlock | TableBlock | NoteBlock

export interface SheetRow {
  key: string
  label: string
  hint: string
  unit: string
  last: string | null
  value: string | null
}

export interface SheetBody {
  head: Values
  entries: Record<string, string>
  confirmed: string[]
}

export interface JsonSchema {
  type?: string
  title?: string
  description?: string
  format?: string
  enum?: (string | number)[]
  minimum?: number
  maximum?: number
  maxLength?: number
  properties?: Record<string, JsonSchema>
  anyOf?: JsonSchema[]
  label?: Text
  hint?: Text
}

export interface JobView {
  name: string
  due_at: string
  finished_at: string | null
  /** Of the last run; null: it went well. */
  fault: string | null
}

export interface PermissionView {
  /** `<plugin>.<permission>`, as it is granted. */
  name: string
  label: Text
}

export interface ModuleView {
  name: string
  /** Null: it could not be loaded. */
  version: string | null
  title: Text
  summary: Text
  state: 'on' | 'off' | 'failed'
  message: string
  since: string | null
  faults: number
  has_settings: boolean
  settings_schema: JsonSchema
  settings: Record<string, unknown>
  permissions: PermissionView[]
  jobs: JobView[]
}

export interface PersonView {
  id: string
  username: string
  display_name: string
  roles: string[]
  grants: string[]
  disabled: boolean
}
