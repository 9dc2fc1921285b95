/** The box in which a field is typed, by its kind; what is typed is text until the form is checked. */
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { HTMLInputTypeAttribute, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '@/lib/i18n'
import type { Field, Kind } from '../model'
import { decimalText, plainNumber } from './numbers'
import { PhotoBox } from './PhotoBox'
import { PointBox } from './PointBox'
import { ReferenceBox, VillageBox } from './SelectBoxes'

export interface BoxProps {
  plugin: string
  field: Field
  value: string
  onChange: (text: string) => void
  error?: string | undefined
  /** What the reference or village in `value` is called. */
  shown?: string | undefined
  disabled?: boolean
  /** In a row of filters: nothing is required, an empty box asks for all. */
  filter?: boolean
}

/** What every box shares. */
export interface Common {
  label: string
  description: string | undefined
  error: string | undefined
  required: boolean
  disabled: boolean | undefined
}

const TYPES: Partial<Record<Kind, HTMLInputTypeAttribute>> = {
  date: 'date', time: 'time', moment: 'datetime-local', link: 'url', phone: 'tel',
}
const INPUT_MODES: Partial<Record<Kind, 'numeric' | 'decimal'>> = { integer: 'numeric', money: 'numeric', decimal: 'decimal' }

export function FieldBox(props: BoxProps): ReactNode {
  const { field, error, disabled, filter = false } = props
  const { i18n } = useTranslation()
  const common: Common = {
    label: inLanguage(field.label, i18n.language),
    description: field.hint === null || filter ? undefined : inLanguage(field.hint, i18n.language),
    error,
    required: field.required && !filter && field.kind !== 'boolean',
    disabled,
  }
  const Box = filter && field.kind === 'boolean' ? YesNoBox : (BOXES[field.kind] ?? LineBox)
  return <Box {...props} common={common} />
}

type WithCommon = BoxProps & { common: Common }

function LongBox({ value, onChange, common }: WithCommon): ReactNode {
  return <Textarea {...common} rows={5} value={value} onChange={(event) => { onChange(event.currentTarget.value) }} styles={{ input: { resize: 'vertical' } }} />
}

function CheckBox({ value, onChange, common }: WithCommon): ReactNode {
  return (
    <Checkbox
      label={common.label}
      description={common.description}
      error={common.error}
      disabled={common.disabled}
      checked={value === 'true'}
      onChange={(event) => { onChange(event.currentTarget.checked ? 'true' : 'false') }}
    />
  )
}

function YesNoBox({ value, onChange, common }: WithCommon): ReactNode {
  const { t } = useTranslation('admin')
  const data = [{ value: '', label: t('all') }, { value: 'true', label: t('yes') }, { value: 'false', label: t('no') }]
  return <NativeSelect {...common} size="xs" data={data} value={value} onChange={(event) => { onChange(event.currentTarget.value) }} />
}

function ChoiceBox({ field, value, onChange, common, filter = false }: WithCommon): ReactNode {
  const { t, i18n } = useTranslation('admin')
  const choices = field.choices.map((choice) => ({ value: choice.value, label: inLanguage(choice.label, i18n.language) }))
  const none = { value: '', label: filter ? t('all') : t('choose') }
  const gone = value !== '' && !choices.some((choice) => choice.value === value) ? [{ value, label: value }] : []
  return (
    <NativeSelect {...common} size="xs" data={[none, ...choices, ...gone]} value={value} onChange={(event) => { onChange(event.currentTarget.value) }} />
  )
}

/** One line of text, a number, a date or a time. A number is written as the language does once the box is left. */
function LineBox({ field, value, onChange, common }: WithCommon): ReactNode {
  const { i18n } = useTranslation()
  const mode = INPUT_MODES[field.kind]
  const rewrite = (): void => {
    const plain = mode === undefined ? null : plainNumber(value, i18n.language, mode === 'numeric')
    if (plain !== null) onChange(decimalText(plain, i18n.language))
  }
  const unit = field.unit === null ? '' : inLanguage(field.unit, i18n.language)
  return (
    <TextInput
      {...common}
      type={TYPES[field.kind] ?? 'text'}
      inputMode={mode}
      autoComplete="off"
      leftSection={field.kind === 'money' ? 'Rp' : undefined}
      leftSectionWidth={36}
      rightSection={unit === '' && field.kind !== 'moment' ? undefined : <span>{field.kind === 'moment' ? 'WITA' : unit}</span>}
      rightSectionWidth={field.kind === 'moment' ? 48 : Math.max(36, unit.length * 8 + 16)}
      value={value}
      onChange={(event) => { onChange(event.currentTarget.value) }}
      onBlur={rewrite}
    />
  )
}

const BOXES: Partial<Record<Kind, (props: WithCommon) => ReactNode>> = {
  long_text: LongBox,
  boolean: CheckBox,
  choice: ChoiceBox,
  point: PointBox,
  village: VillageBox,
  reference: ReferenceBox,
  photo: PhotoBox,
}
