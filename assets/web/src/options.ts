import type { GameInfo, Lobby, LobbyInfo } from '@sandlot/client'
import { el } from './dom'
import { choiceRow, settingRow } from './setting'
import { s } from './strings'

/** What a view may ask about the lobby and its game. */
export interface Known {
  /** The lobby's game; undefined while the server's games are not known. */
  game(): GameInfo | undefined
  /** The lobby as lists show it. */
  info(): Promise<LobbyInfo>
  /** To how many players bots fill it, as far as this visitor has said. */
  readonly fillTo: number
}

/** What the host may change of the lobby itself: how many, bots, who sees it and comes in. Nothing for others. */
export function lobbyOptions(lobby: Lobby, known: Known): { element: HTMLElement; draw: () => void } {
  const rows = el('div', { class: 'settings' })
  const element = el('section', { 'aria-label': s.lobbyOptions, 'data-test': 'options' }, el('h2', {}, s.lobbyOptions), rows)
  let approval: boolean | null = null // not known yet
  let level = 0
  let asked = false
  let { fillTo } = known
  let drawn = ''

  // The socket tells neither whether players knock nor how good bots are.
  function ask(): void {
    if (asked) return
    asked = true
    known.info().then((info) => {
      approval = info.approval ?? false
      level = info.level ?? 0
      drawn = ''
      draw()
    }, () => {
      asked = false
    })
  }
  function check(label: string, on: boolean, name: string, change: (on: boolean) => void): HTMLElement {
    const box = el('input', { type: 'checkbox', checked: on, 'data-option': name, onChange: () => change(box.checked) })
    return el('label', { class: 'check' }, box, label)
  }
  function range(name: string, label: string, min: number, max: number, value: number, change: (v: number) => void): HTMLElement | '' {
    return max > min ? settingRow({ name, min, max, default: value }, value, change, label) : ''
  }
  function draw(): void {
    const { minPlayers, maxPlayers, isPrivate, isHost } = lobby
    element.hidden = !isHost
    if (!isHost) {
      asked = false // another host may change what this one was told
      return
    }
    ask()
    const game = known.game()
    const all = [...lobby.members.values()].filter((m) => !m.spectator)
    const people = all.filter((m) => !m.bot).length
    const key = JSON.stringify([game?.name, minPlayers, maxPlayers, isPrivate, all.length, people, approval])
    if (key === drawn) return
    drawn = key
    const focused = element.contains(document.activeElement) ? (document.activeElement as HTMLElement).closest<HTMLElement>('[data-option], [data-setting]') : null
    rows.replaceChildren(
      range('maxPlayers', s.maxPlayers, Math.max(minPlayers, people), game?.maxPlayers ?? maxPlayers, maxPlayers, (v) => lobby.setOptions({ maxPlayers: v })),
      game?.bots ? range('fillTo', s.fillTo, 0, maxPlayers, all.length > people ? all.length : fillTo, (v) => {
        fillTo = v
        lobby.setOptions({ fillTo: v })
      }) : '',
      game?.bots && approval !== null ? choiceRow('level', s.level, [...s.levels.entries()], level, (v) => {
        level = v
        lobby.setOptions({ level: v as 0 | 1 | 2 })
      }) : '',
      check(s.privateLobby, isPrivate, 'private', (on) => lobby.setOptions({ private: on })),
      approval === null ? '' : check(s.approval, approval, 'approval', (on) => {
        approval = on
        lobby.setOptions({ approval: on })
      }),
    )
    if (!focused) return
    const { option, setting } = focused.dataset
    rows.querySelector<HTMLElement>(option ? `[data-option=${option}]` : `[data-setting=${setting}] :is(input, select)`)?.focus()
  }
  return { element, draw }
}
