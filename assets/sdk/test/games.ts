// Uses the types that "sandlot types" prints with the SDK: whether it compiles is the test ("npm run check"). The files are those that the
// program's own tests hold equal to what it prints.
import type { Arena, ShipsRow } from '../../../cmd/testdata/types/arena.js'
import type { Fours } from '../../../cmd/testdata/types/fours.js'
import type { SettingsGame } from '../../../cmd/testdata/types/settings.js'
import type { Client, Lobby, Row, Table } from '../src/index.js'

export async function typed(client: Client): Promise<void> {
  const arena = await client.quickPlay<Arena>('arena')
  const ships: Table<ShipsRow> = arena.table('ships')
  ships.onAdd((ship) => ship.hp.toFixed() + ship.owner)
  ships.listen('shield', (now: boolean, before: boolean, ship: Row<ShipsRow>) => now !== before && ship.aim)
  // @ts-expect-error there is no such field
  ships.listen('wings', () => {})
  // @ts-expect-error there is no such table
  arena.table('shps')
  // @ts-expect-error rows are not for writing
  ships.onChange((ship) => (ship.hp = 0))
  const left: number = (arena.match()?.endsAt ?? 0) - arena.tick
  arena.setInput({ moveX: left, fire: true })
  // @ts-expect-error a stick is a number
  arena.setInput({ moveX: true })
  arena.onMessage('killed', (e) => e.points + e.killer)
  // @ts-expect-error the event has no such field
  arena.onMessage('killed', (e) => e.weather)
  // @ts-expect-error there is no such event
  arena.onMessage('kiled', () => {})
  arena.onMessage((name, fields) => console.log(name, fields))
  const seconds: number = arena.settings.seconds
  arena.setSetting('seconds', seconds)
  // @ts-expect-error there is no such setting
  arena.setSetting('weather', 1)
  // @ts-expect-error arena has no commands
  await arena.send('drop')
  const own = arena.predict('ships', { apply: (ship, input) => { if (input.dash) ship.vx += input.moveX } })
  const x: number | undefined = own.view()?.x
  void x
  // @ts-expect-error there is no such table
  arena.predict('shps', { apply: () => {} })

  const fours = await client.createLobby<Fours>('fours', { private: true, settings: { seconds: 30 }, region: 'eu' })
  // @ts-expect-error there is no such setting
  await client.createLobby<Fours>('fours', { settings: { weather: 1 } })
  await client.createLobby('chess', { settings: { weather: 1 } })
  await fours.send('drop', { column: 3 })
  // @ts-expect-error there is no such command
  await fours.send('lift')
  const cell: number | undefined = fours.match()?.board[7]
  void cell
  fours.onMessage('refused', (e) => e.why.toUpperCase())

  const odd = await client.joinLobby<SettingsGame>('K7QPXW2M')
  await odd.send('oddPass')
  odd.setInput({ pull: [1, -1], say: 'now', jump: true })
  const marks: readonly boolean[] | undefined = odd.table('cards').first?.marks
  void marks

  // A lobby of a known game goes where any lobby does.
  const any: Lobby = arena
  any.table('ships').onAdd((row) => row['hp'])
  any.table<{ hp: number }>('ships').onAdd((row) => row.hp)
  any.onMessage<{ points: number }>('killed', (e) => e.points)
  any.onMessage('killed', (e) => e['points'])
  any.predict<{ x: number }, { moveX: number }>('ships', { apply: (ship, input) => void (ship.x += input.moveX) })
}
