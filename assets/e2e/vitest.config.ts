import { defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: { include: ['*.test.ts'], fileParallelism: false, testTimeout: 90_000, hookTimeout: 60_000, retry: 0 },
})
