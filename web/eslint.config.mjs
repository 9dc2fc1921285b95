import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

const FACES = ['admin', 'console', 'public', 'responder', 'signin', 'supervisor']

/** `folder` may import nothing of these faces: each is built and shipped by itself, what they share lies in lib. */
const without = (folder, faces) => ({
  files: [`${folder}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: `^(@|(\\.\\./)+)/?(${faces.join('|')})(/|$)`, message: 'A face imports only from itself and lib.' }] },
    ],
  },
})

export default defineConfig(
  { ignores: ['dist', 'node_modules', 'lib/events/generated.ts'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [js.configs.recommended, ts.configs.recommendedTypeChecked, hooks.configs.flat['recommended-latest']],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
      complexity: ['error', 12],
      'no-console': 'error',
    },
  },
  without('lib', FACES),
  ...FACES.map((face) => without(face, FACES.filter((other) => other !== face))),
)
