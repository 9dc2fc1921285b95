/** Every key of the console. None is taken by a browser that cannot give it up (tested in keys.test.ts). */
import { useEffect, useEffectEvent } from 'react'

export const KEYS = {
  help: 'F1',
  answer: 'F2',
  hangUp: 'F4',
  hold: 'Alt+H',
  mute: 'Alt+M',
  transfer: 'Alt+L',
  conference: 'Alt+V',
  leave: 'Alt+Y',
  ready: 'Alt+Z',
  pause: 'Alt+Q',
  type: 'F8',
  open: 'F9',
  dispatchProposed: 'F10',
  place: 'Alt+P',
  narrative: 'Alt+N',
  reporter: 'Alt+R',
  link: 'Alt+K',
  apart: 'Alt+Minus',
  clear: 'Alt+X',
  handled: 'Alt+S',
  prank: 'Alt+I',
  ghost: 'Alt+G',
  silent: 'Alt+B',
  accidental: 'Alt+J',
  test: 'Alt+U',
  information: 'Alt+O',
  undo: 'Alt+Backspace',
  callBack: 'F3',
  alreadyReported: 'Alt+0',
  incidents: 'Alt+W',
  alarm: 'Alt+A',
  note: 'Alt+C',
  timeline: 'Alt+T',
  candidate1: 'Alt+1',
  candidate2: 'Alt+2',
  candidate3: 'Alt+3',
  candidate4: 'Alt+4',
  candidate5: 'Alt+5',
  candidate6: 'Alt+6',
  candidate7: 'Alt+7',
  candidate8: 'Alt+8',
  candidate9: 'Alt+9',
} as const

export type KeyAction = keyof typeof KEYS

const ACTION_OF = new Map<string, KeyAction>(
  (Object.entries(KEYS) as [KeyAction, string][]).map(([action, combo]) => [combo, action]),
)

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>

/** The action of a key press, by the key's place on the board: Alt changes letters on some layouts. */
export function actionOf(pressed: Pressed): KeyAction | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.shiftKey) return null
  const bare = pressed.code.replace(/^(Key|Digit)/, '')
  return ACTION_OF.get(pressed.altKey ? `Alt+${bare}` : pressed.key) ?? null
}

/** Whether the press is meant for a text field. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

const modalOpen = (): boolean => document.querySelector('[aria-modal="true"]') !== null

/** Binds actions while the component is shown and no dialog is open. */
export function useKeys(bindings: Partial<Record<KeyAction, () => void>>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const action = actionOf(event)
    const bound = action === null ? undefined : bindings[action]
    if (bound === undefined || event.repeat || modalOpen()) return
    event.preventDefault()
    bound()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => press(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}
