import { readFileSync } from 'node:fs'

/** One golden vector: bytes, and what they mean. */
export interface Vector {
  readonly name: string
  readonly bytes: Uint8Array
  readonly json: any
}

/** Reads the golden vectors of a kind, shared with the server's own tests. */
export function vectors(kind: string): Vector[] {
  const at = (ext: string): URL => new URL(`../../../net/wire/testdata/${kind}.${ext}`, import.meta.url)
  const json = JSON.parse(readFileSync(at('json'), 'utf8')) as { name: string }[]
  const lines = readFileSync(at('hex'), 'utf8').split('\n').filter((l) => l !== '' && !l.startsWith('#'))
  return lines.map((line, i) => {
    const cut = line.indexOf(': ')
    const name = line.slice(0, cut)
    if (json[i]?.name !== name) throw new Error(`${kind}: ${name} is not described at ${i}`)
    return { name, bytes: Uint8Array.from(Buffer.from(line.slice(cut + 2), 'hex')), json: json[i] }
  })
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
