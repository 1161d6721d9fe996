import { build } from 'esbuild'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))

// As web/build.mjs makes it.
const made = await build({
  entryPoints: { sandlot: entry }, bundle: true, splitting: true, chunkNames: '[name]', outdir: 'out', format: 'esm', target: 'es2022', minify: true,
  legalComments: 'none', write: false, metafile: true,
})
const file = (name: string): (typeof made.outputFiles)[0] => made.outputFiles.find((f) => path.basename(f.path) === name)!
const text = (name: string): string => file(name).text
const size = (name: string): number => gzipSync(file(name).contents, { level: 6 }).length

interface Problem extends Error {
  readonly code: string
}
type Made = Record<string, new (...args: any[]) => Problem>

describe('the SDK as it is served', () => {
  it('is under 15 KB compressed', () => expect(size('sandlot.js')).toBeLessThan(15_000))

  it('has errors by their names', async () => {
    const served = (await import(`data:text/javascript,${encodeURIComponent(text('sandlot.js'))}`)) as Made
    const names = ['ClosedError', 'DroppedError', 'HttpError', 'RefusedError', 'SandlotError', 'UnmatchedError']
    expect(Object.keys(served).filter((name) => name.endsWith('Error'))).toEqual(names)
    for (const name of names) {
      const err = new served[name]!({ word: 'x', text: '' }, 'x', 'x')
      expect([err.name, err instanceof served['SandlotError']!, err instanceof Error]).toEqual([name, true, true])
      expect([String(err), err.stack]).toEqual([expect.stringContaining(name), expect.stringContaining(`${name}: `)])
    }
  })

  it('loads matchmaking when it is first used, and that is a file of its own', () => {
    expect(made.outputFiles.map((f) => path.basename(f.path)).sort()).toEqual(['matchmaking.js', 'sandlot.js'])
    const imports = Object.entries(made.metafile.outputs).flatMap(([name, o]) => o.imports.map((i) => [path.basename(name), i.kind, path.basename(i.path)]))
    expect(imports).toEqual([['sandlot.js', 'dynamic-import', 'matchmaking.js']])
    expect(size('matchmaking.js')).toBeLessThan(5_000)
  })
})
