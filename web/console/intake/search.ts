/** Finding an incident type by what the caller says, as typed. */
import type { ProtocolView } from '@/lib/api'
import { inLanguage } from '@/lib/i18n'

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')

/** Higher is better; 0: no match. A name's beginning beats a word's beginning beats anything inside. */
function score(text: string, query: string): number {
  if (text.startsWith(query)) return 4
  if (text.split(/[\s/,-]+/).some((word) => word.startsWith(query))) return 3
  return query.length >= 3 && text.includes(query) ? 1 : 0
}

/** Types that match every word of the query in name (either language), code or keywords; the best first. */
export function findTypes(types: readonly ProtocolView[], query: string, language: string): ProtocolView[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...types]
  const scored = types.flatMap((type) => {
    const names = [inLanguage(type.name, language), type.name.id, type.name.en, type.code].map(plain)
    const keywords = type.keywords.map(plain)
    let total = 0
    for (const word of words) {
      const best = Math.max(
        ...names.map((name) => score(name, word) * 2),
        ...keywords.map((keyword) => score(keyword, word)),
      )
      if (best === 0) return []
      total += best
    }
    return [{ type, total }]
  })
  return scored.sort((a, b) => b.total - a.total).map(({ type }) => type)
}
