import { describe, expect, it } from 'vitest'
import { Cursor } from '../src/cursor.js'
import { ProtocolError } from '../src/errors.js'
import { packed } from '../src/flat.js'
import { Mirror } from '../src/mirror.js'
import type { Schema } from '../src/schema.js'

const schema: Schema = {
  tickRate: 20, input: [], commands: [], events: [], settings: [],
  tables: [{ name: 'ships', one: false, fields: [{ name: 'x', kind: 0, length: 0, step: 1, flags: 1 }], owner: [] }],
}

describe('a state that cannot be read to its end', () => {
  it('is not told of in part: what listeners hear is how the next whole one differs from the last', () => {
    const mirror = new Mirror(schema)
    const [ships] = mirror.tables
    const heard: string[] = []
    ships!.onAdd((row) => heard.push(`add ${row.id}`))
    ships!.onRemove((row) => heard.push(`remove ${row.id}`))
    ships!.listen('x', (x, before, row) => heard.push(`${row.id}: ${before} to ${x}`))
    const say = (...state: number[]): void => mirror.apply(Cursor.of(packed(state))).tell()
    const broken = (...state: number[]): void => {
      expect(() => say(...state, 5 * 16 + 8)).toThrow(ProtocolError) // there is no sixth table
      expect([mirror.based, heard]).toEqual([false, []])
    }
    say(0, 10, 0, 1, 8, 2, 2, 1, 1, 20, 0, 1, 1, 40, 0) // ships 1 and 2 at 10 and 20
    heard.length = 0
    broken(1, 0, 1, 4, 1, 1, 0, 6, 8, 2, 2, 1, 1, 60, 0, 1, 1, 80) // ship 1 goes on to 13, 3 and 4 come
    broken(0, 12, 0, 1, 8, 3, 2, 1, 1, 28, 0, 1, 1, 40, 2, 1, 1, 90) // of a keyframe: ship 1 at 14, 2, and 5 comes
    const row = ships!.get(1)
    say(0, 13, 0, 1, 8, 3, 2, 1, 1, 30, 0, 1, 1, 40, 0, 1, 1, 62, 0) // ships 1 at 15, 2, and 3 at 31
    expect(heard).toEqual(['1: 10 to 15', 'add 3'])
    expect([ships!.get(1) === row, ships!.size]).toEqual([true, 3])
    heard.length = 0
    say(0, 14, 0, 1, 8, 1, 4, 1, 1, 40, 0)
    expect(heard).toEqual(['remove 1', 'remove 3'])
  })
})
