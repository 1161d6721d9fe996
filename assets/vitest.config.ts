import { defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'

export default defineConfig({
  resolve: { alias: { '@sandlot/client': fileURLToPath(new URL('sdk/src/index.ts', import.meta.url)) } },
  test: { include: ['sdk/test/**/*.test.ts', 'web/test/**/*.test.ts'] },
})
