import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { badnet, program } from './node/program'
import { start, type Server } from './server'

let server: Server
const secret = 'node.test: a secret of no worth, long enough'
const quick = { SANDLOT_AUTH_SECRET: secret, SANDLOT_QUEUE_EVERY: '50ms', SANDLOT_LOBBY_COUNTDOWN: '100ms', SANDLOT_LOBBY_COUNTDOWN_ALONE: '100ms', SANDLOT_LOBBY_BOTS_AFTER: '100ms' }

beforeAll(async () => {
  server = await start(quick)
})
afterAll(async () => {
  expect(await server?.stop()).toBe(0)
})

const life = {
  games: ['arena', 'fours'],
  noGame: { type: 'HttpError', code: 'game_not_found' },
  noLobby: { type: 'HttpError', code: 'lobby_not_found' },
  listed: true, role: 'spectator', seconds: 60, chat: 'hello', code: 8, dropped: 3,
  noCommand: { type: 'SandlotError', code: 'command' },
  away: 'bye',
  late: { type: 'ClosedError', code: 'bye' },
  sameSeat: true,
  stats: { ping: true, rtt: true, jitter: true, interval: true, lateness: true, delay: true, margin: true, pending: true, frames: true, bytesIn: true, bytesOut: true },
  bytes: [true, true], clock: true, heard: [true, true, true, true],
  stale: { type: 'ClosedError', code: 'lost' },
}

const matched = {
  pending: 'HttpError approval_pending', denied: 'HttpError kicked', 'let in': [true, true, 0], 'asked for the list': 1, 'no lobby': 'HttpError lobby_not_found', acts: 'HttpError not_host',
  states: ['queued', 'offered', 'matched'], duel: [true, true, true, true], second: 'HttpError already_queued',
  cancelled: ['cancelled', 'by_player', 'UnmatchedError by_player'], declined: 'cancelled declined', 'no mode': 'HttpError mode_not_found',
  party: [true, false, ['Ann', 'Bob']], 'not leader': 'HttpError not_leader', together: true, 'seats nowhere': 'HttpError lobby_not_found', seats: [true, true],
  removed: 'party_not_found', over: 'HttpError party_not_found', 'without streams': true,
}

/** Where Bun is; the checks say. */
function bun(): string {
  const path = process.env['BUN']
  if (!path) throw new Error('BUN does not say where Bun is; run with BUN=$(.ci/bun)')
  return path
}

describe('the SDK outside of browsers', () => {
  it('lives a whole life in Node', async () => {
    expect(await program('play', [server.url])).toEqual(life)
  })

  it('is matched, with friends and without', async () => {
    expect(await program('match', [server.url])).toEqual(matched)
  })

  it('stays with one token after the other', async () => {
    expect(await program('renew', [server.url, secret])).toEqual({
      player: { id: 'ann', name: 'Ann' }, states: [], errors: [], found: true, same: true, name: 'Bobby',
    })
  })

  it('lives and is matched in Bun', async () => {
    expect(await program('play', [server.url], bun())).toEqual(life)
    expect(await program('match', [server.url], bun())).toEqual(matched)
  })
})

describe('the own ship', () => {
  // npm run feel:node prints the figures of more links, those that FEEL says.
  const links = (process.env['FEEL'] ?? '150ms±30ms').split(' ')
  const rows: string[] = []
  afterAll(() => {
    if (!process.env['FEEL']) return
    const head = ['| link | input to view, ms, with prediction: median | p90 | without: median | p90 | pushes | corrections a minute | mean | largest | largest leap | shown in the past, ms | margin |', '|---|---|---|---|---|---|---|---|---|---|---|---|']
    console.log([...head, ...rows, '', 'A view 60 times a second, without drawing. Lengths in units: a ship is 1.5 across.'].join('\n'))
  })
  it.each(links)('answers at once at %s', async (link) => {
    const net = await badnet(server.url, link)
    try {
      const felt = await program('feel', [net.url, process.env['FEEL'] ? '45' : '12', '2'])
      rows.push(`| ${[link, felt.withPrediction, felt.withPrediction90, felt.without, felt.without90, felt.pushes, felt.perMinute, felt.mean, felt.largest, felt.leap, felt.delay, felt.margin].join(' | ')} |`)
      // A push shows before any state of the server can, and most states say what was foreseen.
      expect(felt.pushes).toBeGreaterThan(0)
      expect(felt.withPrediction).toBeLessThan(felt.newestState)
      expect(felt.corrections).toBeLessThan(felt.states / 4)
    } finally {
      await net.stop()
    }
  })
})
