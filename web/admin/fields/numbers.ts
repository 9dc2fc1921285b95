/** Pure: numbers as people here write them: '1.250.000' and '12,5' in Indonesian, '1,250,000' and '12.5' in English. */

const marks = (language: string): { group: string; point: string } =>
  language === 'en' ? { group: ',', point: '.' } : { group: '.', point: ',' }

/** '1250000' → '1.250.000'. A text, so that nothing is lost of a long decimal; what is no plain number stays as it is. */
export function decimalText(plain: string, language: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain)
  if (found === null) return plain
  const { group, point } = marks(language)
  const [, sign = '', whole = '', decimals] = found
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group)
  return sign + grouped + (decimals === undefined ? '' : point + decimals)
}

/** 'Rp1.250.000' */
export function rupiah(amount: number | string, language: string): string {
  const text = decimalText(String(amount), language)
  return text.startsWith('-') ? `-Rp${text.slice(1)}` : `Rp${text}`
}

/**
 * What somebody typed as a plain number ('1250000', '12.5'), null when it is none. Marks of thousands are those of the
 * language, in groups of three; a decimal mark of the other language is understood where it cannot mean thousands.
 */
export function plainNumber(typed: string, language: string, whole: boolean): string | null {
  const { group, point } = marks(language)
  const text = typed.replace(/^\s*(-?)\s*Rp\.?\s*/i, '$1').replace(/[\s\u00a0\u202f']/g, '')
  if (/^-?\d+$/.test(text)) return tidy(text)
  if (grouped(text, group)) return tidy(text.replaceAll(group, ''))
  if (whole) return grouped(text, point) ? tidy(text.replaceAll(point, '')) : null
  const at = text.lastIndexOf(point)
  if (at > 0 && text.indexOf(point) === at && /^\d+$/.test(text.slice(at + 1))) {
    const before = text.slice(0, at)
    if (/^-?\d+$/.test(before) || grouped(before, group)) return tidy(`${before.replaceAll(group, '')}.${text.slice(at + 1)}`)
  }
  const other = new RegExp(`^-?\\d+\\${group}\\d+$`)
  return other.test(text) ? tidy(text.replace(group, '.')) : null
}

function grouped(text: string, mark: string): boolean {
  return new RegExp(`^-?\\d{1,3}(\\${mark}\\d{3})+$`).test(text)
}

const tidy = (plain: string): string => plain.replace(/^(-?)0+(?=\d)/, '$1')

/** Whether `value` lies further from `last` than `share` of it (0.25: a quarter); never where there is nothing to compare. */
export function isJump(value: string, last: string | null, share: string | null): boolean {
  if (share === null || last === null) return false
  const before = Number(last)
  return before !== 0 && Math.abs(Number(value) - before) > Math.abs(before) * Number(share)
}
