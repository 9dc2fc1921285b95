/** The WebSocket's owner: connects, subscribes, resumes by sequence, notices silence, reconnects with jitter. */
import { toSignIn } from '@/lib/api'
import type { ServerMessage } from './messages'
import { apply, EMPTY, type LiveState } from './state'

export type Status = 'connecting' | 'live' | 'stale' | 'offline'

export interface Connection {
  readonly status: Status
  /** Server time up to which the data is known to be whole; null before the first snapshot. */
  readonly dataAt: number | null
  /** Signed out, or not allowed on a topic: no reconnect will help. */
  readonly refused: boolean
}

/** The server beats every second; two seconds without any frame and the screen must say so. */
const STALE_AFTER_MS = 2_000
/** A socket that stays silent this long is dead whatever TCP thinks; a new one is tried. */
const DEAD_AFTER_MS = 6_000
/** The server cuts a client that was silent for 30 s. */
const BEAT_EVERY_MS = 10_000
const BACKOFF_FIRST_MS = 250
/** A console must be back within seconds of the server; more than this and call-takers reload by hand. */
const BACKOFF_MOST_MS = 4_000
const WATCH_EVERY_MS = 250

const SESSION_OVER = 4401
const TOPIC_REFUSED = 4403

export class LiveClient {
  private state: LiveState = EMPTY
  private connection: Connection = { status: 'connecting', dataAt: null, refused: false }
  private readonly listeners = new Set<() => void>()
  private topics: readonly string[] = []
  private socket: WebSocket | null = null
  private timers: ReturnType<typeof setInterval>[] = []
  private retry: ReturnType<typeof setTimeout> | null = null
  private failures = 0
  private frameAt = 0
  private skewMs: number | null = null

  /** Begins to follow `topics`; a second call with others starts over. */
  start(topics: readonly string[]): void {
    if (this.topics.join() === topics.join() && this.timers.length > 0) return
    this.stop()
    this.topics = topics
    this.timers = [setInterval(() => this.watch(), WATCH_EVERY_MS), setInterval(() => this.beat(), BEAT_EVERY_MS)]
    this.connect()
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer)
    this.timers = []
    if (this.retry !== null) clearTimeout(this.retry)
    this.retry = null
    this.drop()
    this.state = EMPTY
    this.failures = 0
    this.set({ status: 'connecting', dataAt: null, refused: false })
  }

  readonly getState = (): LiveState => this.state
  readonly getConnection = (): Connection => this.connection

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** The server's clock in ms: ages must be right on a desk whose own clock is wrong. */
  readonly now = (): number => Date.now() + (this.skewMs ?? 0)

  private connect(): void {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
    const socket = new WebSocket(`${scheme}://${window.location.host}/api/ws`)
    this.socket = socket
    this.frameAt = performance.now()
    socket.onopen = () => {
      const since = this.state.loaded ? this.state.seq : null
      socket.send(JSON.stringify({ t: 'subscribe', topics: this.topics, since }))
    }
    socket.onmessage = (frame: MessageEvent<string>) => this.receive(JSON.parse(frame.data) as ServerMessage)
    socket.onclose = (close) => this.closed(close.code)
  }

  private receive(message: ServerMessage): void {
    this.frameAt = performance.now()
    this.failures = 0
    if ('at' in message) this.tune(Date.parse(message.at))
    this.state = apply(this.state, message)
    // A snapshot or a beat says that nothing is missing; while a resume catches up, the screen is not live yet.
    const complete = message.t === 'snapshot' || message.t === 'beat' || this.connection.status === 'live'
    const whole = this.state.loaded && complete
    this.set({
      status: whole ? 'live' : this.connection.status,
      dataAt: whole ? this.now() : this.connection.dataAt,
      refused: false,
    })
  }

  /** The largest offset seen is the one of the least delayed frame; it is let go slowly, as clocks drift. */
  private tune(serverMs: number): void {
    const offset = serverMs - Date.now()
    this.skewMs = this.skewMs === null || offset > this.skewMs ? offset : this.skewMs + (offset - this.skewMs) * 0.02
  }

  private closed(code: number): void {
    this.socket = null
    const refused = code === SESSION_OVER || code === TOPIC_REFUSED
    this.set({ ...this.connection, status: 'offline', refused })
    if (code === SESSION_OVER) toSignIn()
    if (refused || this.timers.length === 0) return
    const most = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** this.failures)
    this.failures += 1
    this.retry = setTimeout(() => this.connect(), most * (0.5 + Math.random() / 2))
  }

  private watch(): void {
    const silentMs = performance.now() - this.frameAt
    if (this.socket === null) return
    if (silentMs > DEAD_AFTER_MS) {
      this.drop()
      this.closed(0)
    } else if (silentMs > STALE_AFTER_MS && this.connection.status === 'live') {
      this.set({ ...this.connection, status: 'stale' })
    }
  }

  private beat(): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ t: 'beat' }))
  }

  private drop(): void {
    const socket = this.socket
    this.socket = null
    if (socket === null) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  private set(connection: Connection): void {
    this.connection = connection
    for (const listener of this.listeners) listener()
  }
}

/** The page's one live store. */
export const live = new LiveClient()
