import { build } from 'esbuild'
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** Runs a program of this folder in a Node of its own and gives what it prints, as JSON. It ends with a fault after a minute. */
export async function program(name: string, args: string[], node = process.execPath): Promise<any> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sandlot-node-'))
  try {
    const outfile = path.join(dir, `${name}.mjs`)
    await build({ entryPoints: [at(`${name}.ts`)], outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'error' })
    // Node has a WebSocket of its own from 22 on; in 20 it is behind this flag.
    const flags = node === process.execPath && typeof WebSocket === 'undefined' ? ['--experimental-websocket', '--no-warnings'] : []
    const { stdout } = await run(node, [...flags, outfile, ...args], { timeout: 60_000 })
    return JSON.parse(stdout)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** A bad network before a server: its address, and how to end it. */
export interface BadNet {
  readonly url: string
  stop(): Promise<void>
}

/** Puts a server behind a link such as "150ms±30ms,1%". */
export async function badnet(server: string, link: string): Promise<BadNet> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sandlot-badnet-'))
  const file = path.join(dir, 'badnet')
  await run('go', ['build', '-o', file, '../badnet'], { cwd: at('.') })
  const child = spawn(file, ['--to', new URL(server).host, '--net', link], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: line.toString().trim(),
    stop: async () => {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
      await rm(dir, { recursive: true })
    },
  }
}
