/** Reads action.yml and the workflows of docs/ci.md: the part of YAML and of expressions that they are written in. */

/** A value of the file. */
export type Yaml = string | Yaml[] | { [key: string]: Yaml }

interface Line {
  readonly indent: number
  readonly text: string
}

/**
 * Mappings, lists of mappings and of scalars, flow lists of plain scalars, plain and single-quoted scalars, and literal blocks (`|`).
 * @throws for anything else, so that the file is not misread
 */
export function readYaml(source: string): Yaml {
  const lines = source.split('\n').map(line => ({ indent: line.search(/\S|$/), text: line.trim() }))
  return new Reader(lines).block(0)
}

class Reader {
  readonly #lines: Line[]
  constructor(lines: readonly Line[]) {
    this.#lines = [...lines]
  }

  block(indent: number): Yaml {
    const isList = this.#peek()?.text.startsWith('- ') ?? false
    return isList ? this.#list(indent) : this.#mapping(indent)
  }

  /** The next line that says something. */
  #peek(): Line | undefined {
    while (this.#lines[0] !== undefined && /^(#.*)?$/.test(this.#lines[0].text)) this.#lines.shift()
    return this.#lines[0]
  }

  #list(indent: number): Yaml[] {
    const items: Yaml[] = []
    for (
      let line = this.#peek();
      line?.indent === indent && line.text.startsWith('- ');
      line = this.#peek()
    ) {
      const text = line.text.slice(2)
      if (/^[\w-]+:( |$)/.test(text)) {
        this.#lines[0] = { indent: indent + 2, text }
        items.push(this.#mapping(indent + 2))
      } else {
        this.#lines.shift()
        items.push(this.#value(text, indent))
      }
    }
    return items
  }

  #mapping(indent: number): { [key: string]: Yaml } {
    const mapping: { [key: string]: Yaml } = {}
    for (let line = this.#peek(); line?.indent === indent; line = this.#peek()) {
      const [, key, value = ''] = /^([\w-]+):(?: (.*))?$/.exec(line.text) ?? []
      if (key === undefined) throw new Error(`not understood: ${line.text}`)
      this.#lines.shift()
      mapping[key] = this.#value(value, indent)
    }
    return mapping
  }

  #value(text: string, indent: number): Yaml {
    if (text === '|') return this.#literal(indent)
    if (text === '') {
      const next = this.#peek()?.indent ?? 0
      return next > indent ? this.block(next) : ''
    }
    const list = /^\[([\w .-]+(?:, [\w .-]+)*)\]$/.exec(text)?.[1]
    if (list !== undefined) return list.split(', ')
    if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'")
    // A plain scalar may hold neither of these: a parser would see a mapping or a comment.
    if (/^["[{>&*!|%@`]|: | #/.test(text)) throw new Error(`not understood: ${text}`)
    return text
  }

  #literal(indent: number): string {
    const end = this.#lines.findIndex(line => line.text !== '' && line.indent <= indent)
    const block = this.#lines.splice(0, end === -1 ? this.#lines.length : end)
    const margin = block.find(({ text }) => text !== '')?.indent ?? 0
    return block.map(line => ' '.repeat(Math.max(0, line.indent - margin)) + line.text).join('\n')
  }
}

/** The values that expressions name, e.g. `inputs.args`. */
export type Context = Readonly<Record<string, string>>

/** Contexts of which a name that is not there is the empty text. */
const lenient = /^(steps|github)\./

function read(name: string, context: Context): string {
  const value = context[name] ?? (lenient.test(name) ? '' : undefined)
  if (value === undefined) throw new Error(`there is no ${name}`)
  return value
}

/** A text with its expressions replaced: names, and the first of several that is not empty (`a || b`). */
export const evaluated = (text: string, context: Context): string =>
  text.replaceAll(/\$\{\{ ([\w.-]+(?: \|\| [\w.-]+)*) \}\}/g, (_, names: string) => {
    const values = names.split(' || ').map(name => read(name, context))
    return values.find(value => value !== '') ?? ''
  })

/** Whether a step runs: comparisons with a text, joined by `&&`; nothing is ever cancelled. */
export const isWanted = (condition: string | undefined, context: Context): boolean =>
  (condition ?? '')
    .replace(/^\$\{\{ | \}\}$/g, '')
    .split(' && ')
    .filter(part => part !== '' && part !== '!cancelled()')
    .every(part => {
      const [, name, operator, text] = /^([\w.-]+) (==|!=) '([^']*)'$/.exec(part) ?? []
      if (name === undefined) throw new Error(`not understood: ${part}`)
      return (read(name, context) === text) === (operator === '==')
    })

/** Whether a step runs also where one before it failed. */
export const runsAfterFailure = (condition: string | undefined): boolean =>
  condition?.includes('!cancelled()') ?? false
