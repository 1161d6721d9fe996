import { build } from 'esbuild'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slim } from '../slim.mjs'
import { hex, vectors } from './vectors.js'

const at = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url))

async function bundle(entry: string): Promise<Uint8Array> {
  const made = await build({
    entryPoints: [at(entry)], bundle: true, format: 'esm', target: 'es2022', minify: true, legalComments: 'none', write: false, plugins: [slim],
  })
  return made.outputFiles[0]!.contents
}

describe('the SDK as it is served', () => {
  it('is under 15 KB compressed', async () => {
    const size = gzipSync(await bundle('src/index.ts'), { level: 6 }).length
    expect(size).toBeLessThan(15_000)
  })
})

// What the bundle leaves out of the MessagePack package must not be missed.
describe('frames by the bundle', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'sandlot-sdk-'))
  let small: typeof import('../src/receive.js') & typeof import('../src/send.js')
  beforeAll(async () => {
    const parts: unknown[] = []
    for (const name of ['receive', 'send']) {
      const file = path.join(dir, `${name}.mjs`)
      writeFileSync(file, await bundle(`src/${name}.ts`))
      parts.push(await import(/* @vite-ignore */ pathToFileURL(file).href))
    }
    small = Object.assign({}, ...(parts as object[])) as typeof small
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  it('are read as by the whole package', async () => {
    const { receive } = await import('../src/receive.js')
    for (const v of [...vectors('server'), ...vectors('state')]) expect(small.receive(v.bytes), v.name).toEqual(receive(v.bytes))
  })

  it('are refused as by the whole package', async () => {
    const { receive } = await import('../src/receive.js')
    const frames = vectors('bad_server').map((v) => v.bytes)
    // Each first byte there is, alone and within a pong, with much and with nothing behind it.
    for (let b = 0; b < 256; b++) {
      for (const tail of [[], [1], new Array<number>(40).fill(1)]) frames.push(Uint8Array.from([b, ...tail]), Uint8Array.from([0x94, 72, b, ...tail, 1, 1]))
    }
    for (const bytes of frames) {
      const read = (by: typeof receive): unknown => {
        try {
          return by(bytes)
        } catch (err) {
          return (err as Error).name.length > 0 ? 'refused' : ''
        }
      }
      expect(read(small.receive), hex(bytes)).toEqual(read(receive))
    }
  })

  it('are written as by the whole package', async () => {
    const { pack } = await import('../src/send.js')
    const values = [0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53) + 1]
    const texts = ['', 'a', 'é', '🜁', 'x'.repeat(31), 'x'.repeat(32), 'ü'.repeat(300)]
    for (const v of [...values, ...texts, true, false]) expect(hex(small.pack(4, v, 1)), String(v)).toBe(hex(pack(4, v, 1)))
    expect(hex(small.pack(1, ...values, ...texts))).toBe(hex(pack(1, ...values, ...texts)))
  })
})
