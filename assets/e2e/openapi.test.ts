import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start, type Server } from './server'

let server: Server

beforeAll(async () => {
  server = await start()
})
afterAll(async () => {
  expect(await server?.stop()).toBe(0)
})

it('the OpenAPI document is valid 3.1, as JSON and as YAML', async () => {
  for (const path of ['/openapi.json', '/openapi.yaml']) {
    const text = await (await fetch(server.url + path)).text()
    const validator = new Validator()
    const result = await validator.validate(path.endsWith('json') ? JSON.parse(text) : text)
    expect(result.errors ?? [], path).toEqual([])
    expect(result.valid, path).toBe(true)
    expect(validator.version).toBe('3.1')
  }
})
