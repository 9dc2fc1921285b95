/** A form is sent once however often its button is pressed; after faults the eye and the reader are led to them. */

const AGAIN_AFTER_MS = 10_000

export function guardForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-form]')) {
    let sent = false
    form.addEventListener('submit', (event) => {
      if (sent) {
        event.preventDefault()
        return
      }
      sent = true
      setTimeout(() => { sent = false }, AGAIN_AFTER_MS) // the connection may have failed
    })
  }
  window.addEventListener('pageshow', ({ persisted }) => { if (persisted) window.location.reload() })
  document.querySelector<HTMLElement>('[data-faults]')?.focus()
}
