import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const source = new URL('../src/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, source), 'utf8')

// What a program can get hold of: exported values, and the methods of their classes.
const exported = [...read('index.ts').matchAll(/^export (?:type )?\{ (.*) \} from/gm)].flatMap((m) => m[1]!.split(', ')).map((name) => name.replace('type ', ''))
const notCalled = ['Flag', 'Kind'] // enumerations
const errors = exported.filter((name) => name.endsWith('Error'))

describe('the documentation', () => {
  it('shows every public function in an example', () => {
    const bare: string[] = []
    for (const file of readdirSync(source)) {
      const text = read(file)
      for (const name of exported) {
        if (notCalled.includes(name) || errors.includes(name)) continue
        const at = text.search(new RegExp(`^export (async function|function|class) ${name}\\b`, 'm'))
        if (at < 0) continue
        if (!before(text, at).includes('@example')) bare.push(name)
        if (/^export class/.test(text.slice(at))) bare.push(...methods(text.slice(at)).map((m) => `${name}.${m}`))
      }
    }
    expect(bare).toEqual([])
  })
})

// The comment that ends right before a place.
function before(text: string, at: number): string {
  const head = text.slice(0, at).trimEnd()
  return head.endsWith('*/') ? head.slice(head.lastIndexOf('/**')) : ''
}

// The public methods of a class that have no example. Of overloads the first has it.
function methods(text: string): string[] {
  const body = text.slice(0, text.indexOf('\n}\n'))
  const seen = new Set<string>()
  const bare: string[] = []
  for (const m of body.matchAll(/^ {2}(?:async |\*)?([a-z]\w*)(?:<.*?>)?\(.*$/gm)) {
    const name = m[1]!
    if (name === 'constructor' || seen.has(name)) continue
    seen.add(name)
    const comment = before(body, m.index)
    if (!comment.includes('@internal') && !comment.includes('@example')) bare.push(name)
  }
  return bare
}
