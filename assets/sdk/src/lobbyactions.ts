import { SandlotError } from './errors.js'
import { LobbyRoom } from './lobbyroom.js'
import type { LobbyOptions } from './options.js'
import type { ChatMessage } from './room.js'
import { Kind } from './schema.js'
import { element, Manage, Out } from './send.js'
import type { AnyGame, GameTypes, Names } from './types.js'

/**
 * What a member does in a Lobby beside the match, and a host for all: the part of Lobby that talks and manages. Whether it may, the server decides:
 * what it refuses, and what there is no connection for, `on('error')` hears.
 */
export class LobbyActions<G extends GameTypes = AnyGame> extends LobbyRoom<G> {
  /**
   * Says something to the lobby, or to the own team. False if it could not be sent now. Throws a SandlotError where it is longer than 500 bytes.
   *
   * @example
   * lobby.say('well played')
   */
  say(text: string, team = false): boolean {
    return this.link.say(Out.Chat, team ? 1 : 0, element({ name: 'a message', kind: Kind.Text, min: 0, max: 500 }, text))
  }

  /**
   * Says whether this player is ready for the match.
   *
   * @example
   * lobby.setReady(true)
   */
  setReady(ready: boolean): void {
    this.link.act(Out.Ready, ready)
  }

  /**
   * Starts the match; the host's.
   *
   * @example
   * if (lobby.isHost) lobby.start()
   */
  start(): void {
    this.link.act(Out.Start)
  }

  /**
   * Removes a member; the host's.
   *
   * @example
   * lobby.kick(member.player)
   */
  kick(player: number): void {
    this.link.act(Out.Kick, player)
  }

  /**
   * Removes a member for good; the host's. A kick bars for a minute.
   *
   * @example
   * lobby.ban(member.player)
   */
  ban(player: number): void {
    this.link.act(Out.Manage, Manage.Ban, player, 0)
  }

  /**
   * Takes a member's voice in the chat, or gives it back; the host's.
   *
   * @example
   * lobby.mute(member.player, !member.muted)
   */
  mute(player: number, muted: boolean): void {
    this.link.act(Out.Manage, Manage.Mute, player, muted ? 1 : 0)
  }

  /**
   * Mutes, kicks or bans whoever said a message in the lobby's chat, also who only talks and so has no number; the host's.
   *
   * @example
   * lobby.moderate(message, 'mute')
   */
  moderate(message: ChatMessage, what: 'mute' | 'unmute' | 'kick' | 'ban'): void {
    this.link.act(Out.Manage, Manage.MuteSender + ['mute', 'unmute', 'kick', 'ban'].indexOf(what), 0, message.offset)
  }

  /**
   * Makes another member the host; the host's.
   *
   * @example
   * lobby.makeHost(member.player)
   */
  makeHost(player: number): void {
    this.link.act(Out.Manage, Manage.Host, player, 0)
  }

  /**
   * Puts a player into a team; anyone may move itself, the host all.
   *
   * @example
   * lobby.setTeam(lobby.me, 2)
   */
  setTeam(player: number, team: number): void {
    this.link.act(Out.Manage, Manage.Team, player, team)
  }

  /**
   * Chooses the own colour, 1 to 16; 0 leaves it to the server, which gives one that few have.
   *
   * @example
   * lobby.setColour(5)
   */
  setColour(colour: number): void {
    this.link.act(Out.Manage, Manage.Colour, 0, colour)
  }

  /**
   * Lets in who knocked; the host's. lobby.knocks has who waits.
   *
   * @example
   * lobby.on('knock', (number, name, waiting) => { if (waiting && confirm(name)) lobby.approve(number) })
   */
  approve(knock: number): void {
    this.link.act(Out.Manage, Manage.Admit, knock, 0)
  }

  /**
   * Turns away who knocked, for a minute; the host's.
   *
   * @example
   * for (const number of lobby.knocks.keys()) lobby.deny(number)
   */
  deny(knock: number): void {
    this.link.act(Out.Manage, Manage.Refuse, knock, 0)
  }

  /**
   * Changes what the lobby was made with, as in Client.createLobby: the host's. What is left out stays. `fillTo` 0 is without bots.
   *
   * @example
   * lobby.setOptions({ private: true, approval: false, maxPlayers: 4, fillTo: 4, level: 1 })
   */
  setOptions(options: LobbyOptions): void {
    // By the numbers of the actions; between them is one that is no option.
    const keys = ['private', 'approval', 'maxPlayers', 'fillTo', 'level', , 'spectatorDelay'] as const
    keys.forEach((key, i) => {
      if (key && options[key] !== undefined) this.link.act(Out.Manage, Manage.Private + i, 0, +options[key])
    })
  }

  /**
   * Has the server simulate a bad network for all members, where it is configured so; empty ends it. The host's. Throws a SandlotError where the
   * text is longer than 96 bytes.
   *
   * @example
   * lobby.setNetwork('150ms±30ms,1%')
   */
  setNetwork(link: string): void {
    this.link.act(Out.Network, element({ name: 'a network', kind: Kind.Text, min: 0, max: 96 }, link))
  }

  /**
   * Changes a setting by name; the host's. Throws a SandlotError if the game has no such setting, or not with such a value.
   *
   * @example
   * lobby.setSetting('seconds', 120)
   */
  setSetting(name: Names<G['settings']>, value: number): void {
    const index = this.schema.settings.findIndex((s) => s.name === name)
    if (index < 0) throw new SandlotError('setting', `the game has no setting ${name}`)
    this.link.act(Out.Setting, index, element({ ...this.schema.settings[index]!, kind: Kind.Int }, value))
  }
}
