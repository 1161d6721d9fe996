import { defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'

// What makes something to look at: pictures and traces. Not among the tests.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: { include: ['*.shots.ts'], fileParallelism: false, testTimeout: 300_000, hookTimeout: 60_000, retry: 0 },
})
