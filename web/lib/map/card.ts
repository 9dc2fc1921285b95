/** What a mark of a module says when it is touched. */

/** Built of text nodes: nothing that a plugin sends becomes markup; a link leads to this site alone. */
export function markCard(properties: Readonly<Record<string, unknown>>, newTab = false): HTMLElement {
  const said = (name: string): string => (typeof properties[name] === 'string' ? properties[name] : '')
  const card = document.createElement('div')
  const link = said('link')
  const title = document.createElement(/^\/(?!\/)/.test(link) ? 'a' : 'b')
  if (title instanceof HTMLAnchorElement) {
    title.href = link
    if (newTab) title.target = '_blank'
  }
  title.textContent = said('title')
  const text = document.createElement('p')
  text.textContent = said('text')
  card.append(title, ...(text.textContent === '' ? [] : [text]))
  return card
}
