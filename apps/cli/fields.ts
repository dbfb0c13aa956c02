import { z } from 'zod'
import { kebab, type Operation } from '#core/operation/operation.ts'

interface Shape {
  type?: string | string[]
  anyOf?: Shape[]
  description?: string
}

export interface Field {
  name: string
  /** `--incident-id` */
  flag: string
  read(text: string | boolean): unknown
}

const kinds = (shape: Shape): string[] => [shape.type ?? [], ...(shape.anyOf ?? []).flatMap(kinds)].flat()

/** The plain parts of an operation's input (text, number, yes or no) as flags of its command; the rest comes by --input. */
export function fieldsOf(operation: Operation): Field[] {
  const schema = z.toJSONSchema(operation.input, { unrepresentable: 'any', io: 'input' }) as { properties?: Record<string, Shape> }
  return Object.entries(schema.properties ?? {}).flatMap(([name, shape]) => {
    const kind = kinds(shape).find((one) => ['string', 'number', 'integer', 'boolean'].includes(one))
    if (kind === undefined || kinds(shape).includes('array') || kinds(shape).includes('object')) return []
    const read = (text: string | boolean) =>
      kind === 'string' ? String(text) : kind === 'boolean' ? text === true || text === 'true' : Number(text)
    return [{ name, flag: `--${kebab(name)}${kind === 'boolean' ? '' : ' <value>'}`, read }]
  })
}
