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
const size = (name: string): number => gzipSync(made.outputFiles.find((f) => path.basename(f.path) === name)!.contents, { level: 6 }).length

describe('the SDK as it is served', () => {
  it('is under 15 KB compressed', () => expect(size('sandlot.js')).toBeLessThan(15_000))

  it('loads matchmaking when it is first used, and that is a file of its own', () => {
    expect(made.outputFiles.map((f) => path.basename(f.path)).sort()).toEqual(['matchmaking.js', 'sandlot.js'])
    const imports = Object.entries(made.metafile.outputs).flatMap(([name, o]) => o.imports.map((i) => [path.basename(name), i.kind, path.basename(i.path)]))
    expect(imports).toEqual([['sandlot.js', 'dynamic-import', 'matchmaking.js']])
    expect(size('matchmaking.js')).toBeLessThan(5_000)
  })
})
