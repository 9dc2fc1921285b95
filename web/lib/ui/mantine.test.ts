import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const web = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(web + path, 'utf8')

const sources = ['lib', 'console', 'responder', 'supervisor', 'admin', 'signin'].flatMap((folder) =>
  readdirSync(web + folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tsx'))
    .map((path) => `${folder}/${path}`),
)
const used = new Set(
  sources.flatMap((path) =>
    [...read(path).matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap((found) =>
      (found[1] ?? '').split(',').map((name) => name.trim()),
    ),
  ),
)
const styled = new Set(
  readdirSync(`${web}node_modules/@mantine/core/styles`).map((file) => file.replace(/(\.layer)?\.css$/, '')),
)

test('every Mantine component in use brings its style along', () => {
  const listed = read('lib/ui/mantine.css')
  const missing = [...used].filter((name) => styled.has(name) && !listed.includes(`/${name}.css`))
  expect(missing).toEqual([])
})
