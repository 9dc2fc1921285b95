import { describe, expect, test } from 'vitest'
import { destination, faceOf } from './faces'

describe('after signing in', () => {
  test('each role goes to its face', () => {
    expect(faceOf(['call_taker'])).toBe('console')
    expect(faceOf(['call_taker', 'dispatcher'])).toBe('console')
    expect(faceOf(['responder'])).toBe('responder')
    expect(faceOf(['supervisor'])).toBe('supervisor')
    expect(faceOf(['officer'])).toBe('admin')
    expect(faceOf(['admin'])).toBe('admin')
    expect(faceOf(['officer', 'supervisor'])).toBe('supervisor')
    expect(faceOf([])).toBeNull()
  })

  test('the page that asked for the sign-in is opened again', () => {
    expect(destination(['supervisor'], '/supervisor/?wallboard')).toBe('/supervisor/?wallboard')
    expect(destination(['supervisor'], '/admin/#/puspita/destinations/1?q=a')).toBe('/admin/#/puspita/destinations/1?q=a')
  })

  test('a page of another role is not', () => {
    expect(destination(['responder'], '/console/')).toBe('/responder/')
  })

  test.each(['//evil.example/console/', 'https://evil.example/', '/\\evil.example', '/console/../x', 'javascript:alert(1)'])(
    'a foreign address is never followed: %s',
    (next) => {
      expect(destination(['dispatcher'], next)).toBe('/console/')
    },
  )
})
