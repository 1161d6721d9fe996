import type { Lobby } from '@sandlot/client'
import { el, say, Undo } from './dom'
import { looks } from './looks'
import { lobbyOptions, type Known } from './options'
import { settingRow } from './setting'
import { copyButton, qrButton } from './share'
import type { GameView } from './stage'
import { s, settingName } from './strings'
import { teamsOf } from './teams'

/** Before a match: invite, settings, ready, start. */
export function waitingRoom(lobby: Lobby, known: Known): GameView {
  const undo = new Undo()
  const code = el('strong', { class: 'bigcode' })
  const settings = el('div', { class: 'settings' })
  const options = lobbyOptions(lobby, known)
  const sides = teamsOf(lobby, () => known.game()?.teams ?? 0)
  const hint = el('p', { class: 'quiet', role: 'status' })
  const ready = el('button', { type: 'button', 'aria-pressed': 'false', 'data-test': 'ready', onClick: () => lobby.setReady(!mine()) })
  const start = el('button', { type: 'button', class: 'primary', 'data-test': 'start', onClick: () => lobby.start() }, s.start)
  let drawn = ''

  const mine = (): boolean => lobby.members.get(lobby.me)?.ready ?? false

  function draw(): void {
    say(code, lobby.code)
    say(ready, mine() ? s.notReady : s.ready)
    ready.setAttribute('aria-pressed', String(mine()))
    ready.classList.toggle('primary', !mine() && !lobby.isHost)
    sides.draw()
    options.draw()
    ready.hidden = lobby.role !== 'player'
    start.hidden = !lobby.isHost
    const missing = lobby.minPlayers - [...lobby.members.values()].filter((m) => !m.spectator).length
    start.disabled = missing > 0
    say(hint, missing > 0 ? s.waitingForPlayers(missing) : lobby.isHost ? '' : s.waitingForHost)
    // Sliders are only made anew when a value changed, so that one being dragged stays under the hand.
    const key = JSON.stringify([lobby.settings, lobby.isHost])
    if (key === drawn) return
    drawn = key
    const focused = settings.contains(document.activeElement) ? document.activeElement!.closest('[data-setting]')?.getAttribute('data-setting') : null
    settings.replaceChildren(...lobby.schema.settings.map((set) =>
      settingRow(set, lobby.settings[set.name] ?? set.default, (v) => lobby.setSetting(set.name, v), settingName(set.name, lobby.game), !lobby.isHost)))
    // Arrows go on in the slider that they changed.
    if (focused) settings.querySelector<HTMLElement>(`[data-setting="${CSS.escape(focused)}"] :is(input, select)`)?.focus()
  }
  undo.add(lobby.on('lobby', draw), lobby.on('member', draw), lobby.on('gone', draw), looks.on(draw))
  draw()

  const element = el('div', { class: 'sheet' },
    el('div', { class: 'card' },
      el('h2', {}, s.inviteTitle),
      el('div', { class: 'row invite-row' }, code, copyButton(() => lobby.code), qrButton(() => lobby.code)),
      el('p', { class: 'quiet' }, s.inviteHint),
      sides.element,
      lobby.schema.settings.length > 0 && el('h2', {}, s.settings),
      settings,
      options.element,
      el('div', { class: 'row end' }, hint, el('span', { class: 'grow' }), ready, start),
    ),
  )
  return { element, close: () => undo.run() }
}
