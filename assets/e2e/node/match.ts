// Everything between the wish to play and a match: a program for Node and Bun, run by node.test.ts.
import { connect, HttpError, UnmatchedError, type Client, type Lobby, type LobbyInfo, type Party, type Ticket } from '../../sdk/src/index'
import type { Arena } from '../../../cmd/testdata/types/arena'

const [url = ''] = process.argv.slice(2)
const out: Record<string, unknown> = {}

function until<T>(listen: (done: (value: T) => void) => () => void): Promise<T> {
  return new Promise((resolve) => {
    const off = listen((value) => {
      queueMicrotask(() => off())
      resolve(value)
    })
  })
}
const code = (p: Promise<unknown>): Promise<string> =>
  p.then(
    () => 'none',
    (err: HttpError) => `${err.constructor.name} ${err.code}`,
  )
const sees = (ticket: Ticket<any>, state: string): Promise<void> =>
  ticket.state === state ? Promise.resolve() : until<void>((done) => ticket.onChange((t) => t.state === state && done()))
const same = (lobbies: readonly Lobby<any>[]): boolean => new Set(lobbies.map((l) => l.id)).size === 1 && lobbies.every((l) => l.me > 0)

const ann = await connect({ url, name: 'Ann' })
const bob = await connect({ url, name: 'Bob' })
const eve = await connect({ url, name: 'Eve' })

// A list that keeps itself up to date, and a lobby whose host lets players in.
let list: readonly LobbyInfo[] = []
let look = (): void => {}
let asked = 0
const watcher = await connect({ url, fetch: ((input: string, init?: RequestInit) => (asked++, fetch(input, init))) as typeof fetch })
const off = watcher.watch({ game: 'arena' }, ({ lobbies }) => ((list = lobbies), look()))
const listed = (wanted: (list: readonly LobbyInfo[]) => boolean): Promise<void> =>
  new Promise((resolve) => {
    look = () => wanted(list) && resolve()
    look()
  })
const mine = await ann.createLobby<Arena>('arena', { approval: true, level: 2, maxPlayers: 3, title: 'Guarded' })
await listed((l) => l.some((x) => x.title === 'Guarded' && x.approval === true && x.maxPlayers === 3))
out['pending'] = await code(bob.joinLobby(mine.id))
const knocks = async (name: string): Promise<number> => {
  const find = (): number => [...mine.knocks].find(([, who]) => who === name)?.[0] ?? 0
  return find() || until<number>((done) => mine.on('knock', () => find() > 0 && done(find())))
}
mine.deny(await knocks('Bob'))
await until<void>((done) => mine.on('knock', (_, __, waiting) => !waiting && done()))
out['denied'] = await code(bob.joinLobby(mine.id, { onPending: () => {} }))
const waits: number[] = []
const coming = eve.joinLobby(mine.id, { onPending: (s) => waits.push(s) })
mine.approve(await knocks('Eve'))
const came = await coming
out['let in'] = [came.id === mine.id, waits.length > 0, mine.knocks.size]
mine.setOptions({ private: true, approval: false, fillTo: 0 })
await listed((l) => l.every((x) => x.title !== 'Guarded'))
await ann.act(mine.id, 'setting', { name: 'seconds', value: 77 })
if (mine.settings.seconds !== 77) await until<void>((done) => mine.on('lobby', () => mine.settings.seconds === 77 && done()))
out['acts'] = await code(eve.act(mine.id, 'kick', { player: mine.me }))
off()
out['asked for the list'] = asked
mine.leave()
came.leave()
out['no lobby'] = await code(ann.joinLobby('NOTHERE1', { onPending: () => {} }))

// Two look for a duel, which each must accept: one by itself, one by hand.
const [a, b] = await Promise.all([ann.queue<Arena>('arena', { mode: 'duel' }), bob.queue<Arena>('arena', { mode: 'duel' })])
const states: string[] = [a.state]
a.onChange((t) => t.state !== states.at(-1) && states.push(t.state))
b.onChange((t) => t.offer && !t.offer.you && void t.accept())
const duel = await Promise.all([a.joined(), b.joined({ accept: false })])
out['states'] = states
out['duel'] = [same(duel), a.over, a.info.lobby === duel[0].id, (await a.joined()) === duel[0]]
for (const l of duel) l.leave()

// What else becomes of tickets.
const taken = await ann.queue('arena', { mode: 'duel' })
out['second'] = await code(ann.queue('arena', { mode: 'duel' }))
const again = await ann.ticket(taken.id)
const cancelled = code(again.joined())
await taken.cancel()
out['cancelled'] = [taken.state, taken.info.reason, await cancelled]
const no = await Promise.all([ann.queue('arena', { mode: 'duel' }), bob.queue('arena', { mode: 'duel' })])
const declined = no[0].joined({ accept: () => false }).then(
  () => '',
  (err: unknown) => (err instanceof UnmatchedError ? `${err.state} ${err.code}` : String(err)),
)
await sees(no[1], 'offered')
out['declined'] = await declined
await sees(no[1], 'queued')
await no[1].cancel()
out['no mode'] = await code(ann.queue('arena', { mode: 'chess' }))

// Friends: by code, queued by their leader, matched together; then into a lobby of their choice.
async function friends(leader: Client, other: Client): Promise<[Party, Party]> {
  const made = await leader.createParty()
  const joined = await other.joinParty(made.code.toLowerCase())
  if (made.members.length < 2) await until<void>((done) => made.onChange((p) => p.members.length === 2 && done()))
  return [made, joined]
}
const [lead, follow] = await friends(ann, bob)
out['party'] = [lead.isLeader, follow.isLeader, lead.members.map((m) => m.name)]
out['not leader'] = await code(follow.queue('arena', { mode: 'duel' }))
const both = [lead, follow].map((p) => until<Ticket<Arena>>((done) => p.onQueue<Arena>(done)))
await lead.queue<Arena>('arena', { mode: 'duel' })
const together = await Promise.all((await Promise.all(both)).map((t) => t.joined()))
out['together'] = same(together)
for (const l of together) l.leave()
const where = until<string>((done) => follow.onLobby(done))
out['seats nowhere'] = await code(lead.joinLobby('NOTHERE1'))
const home = await eve.createLobby('arena', { private: true })
const taking = await lead.joinLobby(home.code)
const followed = await bob.joinLobby(await where)
out['seats'] = [taking.id === home.id, followed.id === home.id]
for (const l of [home, taking, followed]) l.leave()
const ends = until<string>((done) => follow.onLeave((err) => done(err?.code ?? 'left')))
await lead.remove(bob.player!.id)
out['removed'] = await ends
await lead.leave()
out['over'] = await code(ann.party(lead.code))

// Where streams of events do not come through, asking patiently does.
const deaf = (async (input: string, init?: RequestInit) => {
  if (input.endsWith('/events')) throw new TypeError('cut')
  return fetch(input, init)
}) as typeof fetch
const [c, d] = await Promise.all(['Cleo', 'Dan'].map((name) => connect({ url, name, fetch: deaf })))
const [e, f] = await Promise.all([c!.queue('arena', { mode: 'duel' }), d!.queue('arena', { mode: 'duel' })])
out['without streams'] = same(await Promise.all([e!.joined(), f!.joined()]))
console.log(JSON.stringify(out))
process.exit(0)
