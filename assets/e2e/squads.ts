import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { start, type Server } from './server'

/** Builds and starts a server that has a game of teams as well, squads. */
export async function squads(env: Record<string, string>): Promise<Server> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sandlot-squads-'))
  const file = path.join(dir, 'squads')
  await promisify(execFile)('go', ['build', '-o', file, './squads'], { cwd: fileURLToPath(new URL('.', import.meta.url)) })
  const server = await start(env, 0, file)
  return {
    ...server,
    stop: async () => {
      const code = await server.stop()
      await rm(dir, { recursive: true })
      return code
    },
  }
}
