import { Alert } from '@mantine/core'
import { memo, type ReactNode } from 'react'
import styles from './admin.module.css'
import { FieldBox, type BoxProps } from './fields/FieldBox'
import type { Field } from './model'
import type { FieldsState } from './useFields'

interface FieldsProps {
  plugin: string
  fields: readonly Field[]
  form: FieldsState
  shown?: Readonly<Record<string, string>>
  disabled?: boolean
}

/** All boxes of a form, and above them what is wrong with no box in particular. */
export function Fields({ plugin, fields, form, shown = {}, disabled = false }: FieldsProps): ReactNode {
  return (
    <div className={styles.form}>
      {form.general.map((text) => (
        <Alert key={text} color="alert" role="alert">{text}</Alert>
      ))}
      {fields.filter((field) => field.typed).map((field) => (
        <Box
          key={field.name}
          plugin={plugin}
          field={field}
          value={form.typed[field.name] ?? ''}
          set={form.set}
          error={form.faultOf(field.name)}
          shown={shown[field.name]}
          disabled={disabled}
        />
      ))}
    </div>
  )
}

/** A box is drawn anew only when its own value or fault changes: a long form stays quick to type in. */
const Box = memo(function Box({ set, ...props }: Omit<BoxProps, 'onChange'> & { set: FieldsState['set'] }): ReactNode {
  return <FieldBox {...props} onChange={(text) => { set(props.field.name, text) }} />
})
