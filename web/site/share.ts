/** The share button: the phone's own sheet where there is one, else the address goes to the clipboard. */

async function hand(button: HTMLButtonElement): Promise<void> {
  const address = document.querySelector<HTMLLinkElement>('link[rel="canonical"]')?.href ?? window.location.href
  const title = button.dataset['share'] ?? document.title
  if (typeof navigator.share === 'function') {
    await navigator.share({ title, url: address })
    return
  }
  await navigator.clipboard.writeText(address)
  const before = button.textContent
  button.textContent = button.dataset['copied'] ?? '✓'
  setTimeout(() => { button.textContent = before }, 2500)
}

export function share(): void {
  if (typeof navigator.share !== 'function' && !('clipboard' in navigator)) return // plain http: neither is there
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-share]')) {
    button.hidden = false
    button.addEventListener('click', () => {
      hand(button).catch(() => undefined) // the visitor closed the sheet
    })
  }
}
