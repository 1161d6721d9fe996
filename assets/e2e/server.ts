import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A real server, started for a test on free ports with a folder of its own. */
export interface Server {
  readonly url: string
  /** What it has said. */
  log(): string
  /** Ends it as Ctrl-C does. */
  stop(): Promise<number | null>
}

/** The program under test. */
export function binary(): string {
  const file = process.env['SANDLOT_BIN'] ?? fileURLToPath(new URL('../../bin/sandlot', import.meta.url))
  if (!existsSync(file)) throw new Error(`${file} is missing: run make build first`)
  return file
}

/** Starts the server; `env` overrides its configuration (SANDLOT_…). `port` 0 takes a free one, `file` is another program. */
export async function start(env: Record<string, string> = {}, port = 0, file = binary()): Promise<Server> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sandlot-e2e-'))
  const child: ChildProcess = spawn(file, ['serve'], {
    cwd: dir,
    env: {
      PATH: process.env['PATH'] ?? '', HOME: dir,
      SANDLOT_LISTEN: `127.0.0.1:${port}`, SANDLOT_ADMIN_LISTEN: '127.0.0.1:0', SANDLOT_DATA_DIR: dir, ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const at = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/.exec(said)
      if (at) resolve(`http://127.0.0.1:${at[1]}`)
    }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)))
    child.on('error', reject)
  })
  return {
    url,
    log: () => said,
    stop: async () => {
      if (child.exitCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGINT')
        await ended
      }
      await rm(dir, { recursive: true, force: true })
      return child.exitCode
    },
  }
}
