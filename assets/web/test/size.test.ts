/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

// Reads what "npm run build" made.
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

function packed(name: string): number {
  return gzipSync(Uint8Array.from(readFileSync(path.join(dist, name))), { level: 9 }).length
}

/** A script and all that it imports at once; what it imports on demand is not in the list. */
function needed(script: string, list = new Set<string>()): Set<string> {
  if (list.has(script)) return list
  list.add(script)
  const text = readFileSync(path.join(dist, script), 'utf8')
  for (const [, from] of text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([\w.-]+\.js)"/g)) needed(path.posix.join(path.posix.dirname(script), from!), list)
  return list
}

describe('the first load', () => {
  it('stays under 300 KB compressed, without the renderer', () => {
    expect(existsSync(path.join(dist, 'index.html')), 'run npm run build first').toBe(true)
    const html = readFileSync(path.join(dist, 'index.html'), 'utf8')
    const [, script] = /<script type="module" src="\/([^"]+)"/.exec(html)!
    const [, style] = /<link rel="stylesheet" href="\/([^"]+)"/.exec(html)!
    const files = ['index.html', 'icon.svg', style!, ...needed(script!)]
    const total = files.map(packed).reduce((a, b) => a + b, 0)
    console.log(`first load: ${(total / 1000).toFixed(1)} KB compressed in ${files.length} files`)
    expect(total).toBeLessThan(300_000)
    // The renderer is only fetched by who plays arena.
    expect(files.some((f) => readFileSync(path.join(dist, f), 'utf8').includes('PIXI'))).toBe(false)
  })
})
