// Goes through a client's life: a program for Node and Bun, run by node.test.ts.
import { connect, ClosedError, HttpError, RefusedError, SandlotError, type Lobby } from '../../sdk/src/index'
import type { Arena } from '../../../cmd/testdata/types/arena'
import type { Fours } from '../../../cmd/testdata/types/fours'

const [url = ''] = process.argv.slice(2)

function until<T>(listen: (done: (value: T) => void) => () => void): Promise<T> {
  return new Promise((resolve) => {
    const off = listen((value) => {
      queueMicrotask(() => off())
      resolve(value)
    })
  })
}

const phase = (lobby: Lobby, wanted: string): Promise<void> =>
  lobby.phase === wanted ? Promise.resolve() : until<void>((done) => lobby.on('phase', (now) => now === wanted && done()))

const failure = async (p: Promise<unknown>): Promise<{ type: string; code: string }> =>
  p.then(
    () => ({ type: 'none', code: '' }),
    (err: SandlotError) => ({ type: [HttpError, RefusedError, ClosedError, SandlotError].find((c) => err instanceof c)?.name ?? 'other', code: err.code }),
  )

const ann = await connect({ url, name: 'Ann' })
const bob = await connect({ url, name: 'Bob' })
const out: Record<string, unknown> = {}

out['games'] = (await ann.games()).map((g) => g.name)
out['noGame'] = await failure(ann.quickPlay('chess'))
out['noLobby'] = await failure(ann.joinLobby('NOTHERE1'))

// Two players and a spectator of a board game, with the types that "sandlot types" printed.
const mine = await ann.createLobby<Fours>('fours', { title: 'Board', settings: { seconds: 60 } })
out['listed'] = (await ann.lobbies({ game: 'fours', open: true })).items.some((l) => l.id === mine.id)
out['seconds'] = mine.settings.seconds
mine.setSetting('seconds', 45)
const theirs = await bob.joinLobby<Fours>(mine.code)
const watcher = await (await connect({ url, name: 'Cleo' })).joinLobby<Fours>(mine.code, { role: 'spectator' })
out['role'] = watcher.role
out['chat'] = await (async () => {
  const heard = until<string>((done) => theirs.on('chat', (m) => done(m.text)))
  mine.say('hello')
  return heard
})()
out['code'] = mine.code.length
theirs.setReady(true)
mine.setReady(true)
mine.start()
await Promise.all([phase(mine, 'running'), phase(theirs, 'running')])
await until<void>((done) => mine.onStateChange(() => mine.match() !== undefined && done()))
const first = mine.match()!.turn === mine.me ? mine : theirs
const other = first === mine ? theirs : mine
const seen = until<number>((done) => watcher.onMessage('dropped', (e) => done(e.cell)))
await first.send('drop', { column: 3 })
out['dropped'] = await seen
out['noCommand'] = await failure((first as unknown as Lobby).send('fly'))
const reason = until<string>((done) => other.onLeave((r) => done(r.word)))
other.disconnect()
out['away'] = await reason
mine.leave()
theirs.leave()
await until<void>((done) => (mine.connection.state === 'closed' ? (done(), () => {}) : mine.onLeave(() => done())))
out['late'] = await failure(mine.send('drop', { column: 1 }))

// A real-time game: rows, listeners, views, inputs with presses, a seat that is come back to.
const arena = await ann.createLobby<Arena>('arena', { private: true, bots: true, fillTo: 3 })
const ships = arena.table('ships')
const heard = { add: 0, change: 0, aim: 0, messages: new Set<string>() }
ships.onAdd(() => heard.add++)
ships.onChange(() => heard.change++)
ships.listen('aim', () => heard.aim++)
arena.onMessage((name) => heard.messages.add(name))
arena.start()
await phase(arena as unknown as Lobby, 'running')
await until<void>((done) => arena.onStateChange(() => ships.owned(arena.me).length > 0 && arena.appliedInput > 10 && done()))
arena.setInput({ moveX: 127, dash: true })
await until<void>((done) => arena.onStateChange(() => (ships.owned(arena.me)[0]?.dash ?? 0) > 0 && done()))
await until<void>((done) => arena.onStateChange(() => arena.shownTick > 0 && [...ships.views()].length === 3 && heard.aim > 0 && done()))
const saved = arena.save()!
const number = arena.me
arena.disconnect()
const back = await ann.reconnect<Arena>(saved)
out['sameSeat'] = back.me === number && back.id === arena.id
await until<void>((done) => back.onStateChange(() => back.appliedInput > 10 && done()))
const { stats } = back
out['stats'] = Object.fromEntries(Object.entries(stats).map(([k, v]) => [k, Number.isFinite(v)]))
out['bytes'] = [stats.bytesIn > 0, stats.bytesOut > 0]
out['clock'] = Math.abs(back.serverNow() - Date.now()) < 1000
out['heard'] = [heard.add >= 3, heard.change > 0, heard.aim > 0, heard.messages.has('respawned')]
back.leave()
out['stale'] = await failure(ann.reconnect(saved))
console.log(JSON.stringify(out))
process.exit(0)
