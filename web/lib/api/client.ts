/** The one door to REST: JSON, problem+json, idempotency keys, time-outs, and the way back to the sign-in page. */

export type ProblemKind =
  'invalid' | 'not-signed-in' | 'forbidden' | 'not-found' | 'conflict' | 'unavailable' | 'unreachable' | 'error'

/** An answer that is not the one asked for. `kind` is the server's (dispatch.errors), or `unreachable` when none came. */
export class ApiError extends Error {
  readonly status: number
  readonly kind: ProblemKind
  readonly detail: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(status: number, kind: ProblemKind, detail: string, details: Record<string, unknown> = {}) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.kind = kind
    this.detail = detail
    this.details = details
  }

  /** A fact of the problem as text, or null. */
  text(name: string): string | null {
    const value = this.details[name]
    return typeof value === 'string' ? value : null
  }
}

/** Longest wait for one answer: a call-taker must not stare at a spinner longer. */
const ANSWER_WITHIN_MS = 8_000
/** A command is sent at most this often: its key makes repeating safe, and a third failure is news for the user. */
const COMMAND_TRIES = 3
const RETRY_AFTER_MS = 400

export interface RequestOptions {
  signal?: AbortSignal
  timeoutMs?: number
}

export interface CommandOptions extends RequestOptions {
  /** One key per intent of the user; pass the same again when the user repeats the same intent. */
  key?: string
  /** The version that the edit was made on. */
  ifMatch?: number
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** A new idempotency key. `randomUUID` needs a secure context, and a centre may run on plain http in its own network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function get<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return once<T>('GET', path, undefined, {}, options)
}

/** Sends a command; repeats it under the same key when no answer came or the server says 'unavailable'. */
export async function command<T>(
  method: Exclude<Method, 'GET'>,
  path: string,
  body?: unknown,
  options: CommandOptions = {},
): Promise<T> {
  const headers: Record<string, string> = { 'Idempotency-Key': options.key ?? newKey() }
  if (options.ifMatch !== undefined) headers['If-Match'] = String(options.ifMatch)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once<T>(method, path, body, headers, options)
    } catch (error) {
      const passing = error instanceof ApiError && (error.kind === 'unreachable' || error.kind === 'unavailable')
      if (!passing || attempt >= COMMAND_TRIES || options.signal?.aborted === true) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * attempt))
    }
  }
}

/** A file goes as it is, everything else as JSON. */
function contentOf(body: unknown): [BodyInit, string] {
  return body instanceof Blob ? [body, body.type || 'application/octet-stream'] : [JSON.stringify(body), 'application/json']
}

async function once<T>(
  method: Method,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  options: RequestOptions,
): Promise<T> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? ANSWER_WITHIN_MS)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  const init: RequestInit = { method, headers: { Accept: 'application/json', ...headers }, signal }
  if (body !== undefined) {
    const [content, type] = contentOf(body)
    init.body = content
    init.headers = { ...init.headers, 'Content-Type': type }
  }
  try {
    const response = await fetch(`/api${path}`, init)
    if (!response.ok) throw await problem(response)
    return (response.status === 204 ? undefined : await response.json()) as T
  } catch (error) {
    if (error instanceof ApiError || options.signal?.aborted === true) throw error
    // No connection, or the time-out, which may also strike while the body is being read.
    throw new ApiError(0, 'unreachable', '')
  }
}

async function problem(response: Response): Promise<ApiError> {
  let body: unknown = null
  try {
    body = await response.json()
  } catch {
    // A proxy's HTML page, or nothing: the status alone must do.
  }
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const { type, title, status: _status, detail, ...details } = fields
  const error = new ApiError(
    response.status,
    kindOf(type, response.status),
    typeof detail === 'string' ? detail : typeof title === 'string' ? title : '',
    details,
  )
  if (error.kind === 'not-signed-in') toSignIn()
  return error
}

const KINDS: readonly ProblemKind[] = ['invalid', 'not-signed-in', 'forbidden', 'not-found', 'conflict', 'unavailable']

function kindOf(type: unknown, status: number): ProblemKind {
  const named = typeof type === 'string' ? type.replace('urn:siaga:', '') : ''
  const known = KINDS.find((kind) => kind === named)
  if (known !== undefined) return known
  if (status === 401) return 'not-signed-in'
  return status === 502 || status === 503 || status === 504 ? 'unavailable' : 'error'
}

/** Leaves for the sign-in page, which leads back here; on the sign-in page itself it stays. */
export function toSignIn(): void {
  const here = window.location
  if (here.pathname === '/') return
  here.assign(`/?next=${encodeURIComponent(here.pathname + here.search + here.hash)}`)
}
