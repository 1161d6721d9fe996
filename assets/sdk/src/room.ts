import type { ChatFrame, LobbyFrame, OneMember } from './receive.js'
import type { Setting } from './schema.js'

/** Where a lobby is in its life. */
export type Phase = 'waiting' | 'countdown' | 'running' | 'results' | 'closed'

const phases: readonly Phase[] = ['waiting', 'countdown', 'running', 'results', 'closed']

/** Somebody in a lobby. */
export interface Member {
  readonly player: number
  readonly name: string
  readonly connected: boolean
  readonly ready: boolean
  readonly bot: boolean
  readonly spectator: boolean
  readonly you: boolean
  /** May not speak in the chat. */
  readonly muted: boolean
  /** 0: none. */
  readonly team: number
  /** Index into a palette of 16, from 1: chosen, or one that few in the lobby have. */
  readonly colour: number
}

/** One message of the chat. */
export interface ChatMessage {
  /** Who said it; 0 for the server and for members without a seat. */
  readonly player: number
  readonly name: string
  readonly text: string
  readonly team: boolean
  readonly time: Date
  /** Messages before this one are missing. */
  readonly gap: boolean
  readonly offset: number
}

/** How one player did. Equal ranks are a draw. */
export interface Place {
  readonly player: number
  readonly rank: number
  readonly score: number
}

/** Why a member left. */
export type Why = 'left' | 'kicked' | 'timeout'

const whys: readonly Why[] = ['left', 'kicked', 'timeout']

// Chat messages kept.
const keptChat = 200

/** What a client knows of its lobby beside the match: built from the events lane. */
export class Room {
  phase: Phase = 'waiting'
  /** Server time in milliseconds at which the phase ends by itself; 0 if it does not. */
  deadline = 0
  host = 0
  code = ''
  min = 0
  max = 0
  private = false
  settings: Readonly<Record<string, number>> = {}
  readonly members = new Map<number, Member>()
  readonly chat: ChatMessage[] = []
  readonly knocks = new Map<number, string>()
  result: readonly Place[] | null = null
  private epoch = 0

  lobby(f: LobbyFrame, schema: readonly Setting[]): void {
    this.phase = phases[f.phase] ?? 'closed'
    this.deadline = f.deadlineMs
    this.host = f.host
    this.code = f.code
    this.min = f.min
    this.max = f.max
    this.private = f.private
    this.settings = Object.fromEntries(schema.map((s, i) => [s.name, f.settings[i] ?? s.default]))
    if (this.phase === 'countdown' || this.phase === 'running') this.result = null
  }

  member(f: OneMember, me: number): Member {
    const { flags, ...who } = f
    const bit = (n: number): boolean => (flags & n) !== 0
    const member: Member = {
      ...who, connected: bit(1), ready: bit(2), bot: bit(4), spectator: bit(8), you: f.player === me, muted: bit(32),
    }
    this.members.set(f.player, member)
    return member
  }

  gone(player: number, why: number): { member: Member | undefined; why: Why } {
    const member = this.members.get(player)
    this.members.delete(player)
    return { member, why: whys[why] ?? 'left' }
  }

  /** Null for one that is known already. */
  say(f: ChatFrame): ChatMessage | null {
    const last = this.chat.at(-1)
    const same = f.epoch === this.epoch
    if (last && same && f.offset <= last.offset) return null
    this.epoch = f.epoch
    const gap = last !== undefined && (!same || f.offset !== last.offset + 1)
    const { player, name, text, offset } = f
    const message: ChatMessage = { player, name, text, offset, team: f.channel === 1, time: new Date(f.timeMs), gap }
    this.chat.push(message)
    if (this.chat.length > keptChat) this.chat.shift()
    return message
  }
}
