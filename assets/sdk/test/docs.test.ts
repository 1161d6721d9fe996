import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const source = new URL('../src/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, source), 'utf8')
const texts = readdirSync(source).map(read)

// What a program can get hold of: exported values, and the methods of their classes.
const exported = [...read('index.ts').matchAll(/^export (?:type )?\{ (.*) \} from/gm)].flatMap((m) => m[1]!.split(', ')).map((name) => name.replace('type ', ''))
const notCalled = ['Flag', 'Kind'] // enumerations
const errors = exported.filter((name) => name.endsWith('Error'))

describe('the documentation', () => {
  it('shows every public function in an example', () => {
    const bare: string[] = []
    const open = new Set(exported.filter((name) => !notCalled.includes(name) && !errors.includes(name)))
    for (const name of open) {
      const text = texts.find((one) => declared(one, name) >= 0)
      if (!text) continue // a type
      const at = declared(text, name)
      const base = /^export class .* extends (\w+)/.exec(text.slice(at))?.[1]
      if (base) open.add(base) // its methods are public too
      if (exported.includes(name) && !before(text, at).includes('@example')) bare.push(name)
      if (/^export class/.test(text.slice(at))) bare.push(...methods(text.slice(at)).map((m) => `${name}.${m}`))
    }
    expect([...open]).toContain('LobbyActions')
    expect(bare).toEqual([])
  })
})

const declared = (text: string, name: string): number => text.search(new RegExp(`^export (async function|function|class) ${name}\\b`, 'm'))

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
