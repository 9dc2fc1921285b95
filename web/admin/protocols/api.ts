/** The editor's calls by name. */
import { command, get, type CommandOptions, type RequestOptions } from '@/lib/api/client'
import type { Answers, ProtocolView, Signoff, Text, TriageResult } from '@/lib/api/types'

export interface Edited {
  code: string
  /** Null: a draft of a new protocol that was never in force. */
  name: Text | null
  version: string | null
  /** Of the published version in force; null: the shipped file. */
  number: number | null
  draft: boolean
  signed_off: Signoff | null
}

export interface Version {
  number: number
  version: string
  state: 'draft' | 'published' | 'retired'
  revision: number
  by_name: string
  at: string
  published_by_name: string | null
  published_at: string | null
  retired_at: string | null
}

export interface EditorState {
  code: string
  in_force: string | null
  version: string | null
  number: number | null
  shipped: boolean
  draft: Version | null
  draft_text: string | null
  versions: Version[]
  signed_off: Signoff | null
}

export interface LineFault {
  line: number
  key: string
  expected: string
}

export interface Preview {
  faults: LineFault[]
  protocol: ProtocolView | null
  triage: TriageResult | null
  /** Why the answers do not fit, where they do not. */
  refused: string | null
}

const at = (code: string, rest: string): string => `/protocols/${encodeURIComponent(code)}/${rest}`

export const editor = {
  all: (o?: RequestOptions) => get<{ items: Edited[] }>('/protocols/editor', o).then(({ items }) => items),
  one: (code: string, o?: RequestOptions) => get<EditorState>(at(code, 'editor'), o),
  source: (code: string, number: number, o?: RequestOptions) =>
    get<{ text: string }>(at(code, `versions/${number}`), o).then(({ text }) => text),
  preview: (code: string, yaml: string, answers: Answers, o?: CommandOptions) =>
    command<Preview>('POST', at(code, 'preview'), { yaml, answers }, o),
  save: (code: string, yaml: string, revision: number, o?: CommandOptions) =>
    command<Version>('PUT', at(code, 'draft'), { yaml, revision }, o),
  discard: (code: string, revision: number, o?: CommandOptions) =>
    command<void>('POST', at(code, 'draft/discard'), { revision }, o),
  publish: (code: string, revision: number, o?: CommandOptions) =>
    command<Version>('POST', at(code, 'publish'), { revision }, o),
  rollBack: (code: string, number: number | null, o?: CommandOptions) =>
    command<void>('POST', at(code, 'roll-back'), { number }, o),
  sign: (code: string, version: string, name: string, title: string, o?: CommandOptions) =>
    command<void>('POST', at(code, 'signoffs'), { version, name, title }, o),
}
