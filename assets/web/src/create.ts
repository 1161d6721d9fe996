import type { CreateOptions, GameInfo } from '@sandlot/client'
import { el } from './dom'
import { settingRow } from './setting'
import { s } from './strings'

/** Asks what lobby to make. The settings are drawn from the game's own ranges. */
export function createDialog(games: readonly GameInfo[], game: string, done: (game: string, options: CreateOptions) => void): void {
  const pick = el('select', { id: 'create-game', onChange: () => drawGame() }, ...games.map((g) => el('option', { value: g.name, selected: g.name === game }, g.title)))
  const title = el('input', { id: 'create-title', maxlength: 60, placeholder: s.titleHint, autocomplete: 'off' })
  const secret = el('input', { type: 'checkbox', id: 'create-private' })
  const bots = el('input', { type: 'checkbox', id: 'create-bots', checked: true, onChange: () => drawFill() })
  const botsRow = el('label', { class: 'check' }, bots, s.botsFill)
  const fillRow = el('div')
  const settings = el('div', { class: 'settings' })
  let values: Record<string, number> = {}
  let fillTo = 0

  function drawGame(): void {
    const info = games.find((g) => g.name === pick.value)
    values = {}
    settings.replaceChildren(
      ...(info?.settings ?? []).map((set) => settingRow(set, set.default, (v) => (values[set.name] = v))),
    )
    botsRow.hidden = !info?.bots
    fillTo = Math.min(info?.maxPlayers ?? 0, Math.max(info?.minPlayers ?? 0, 6))
    drawFill()
  }

  function drawFill(): void {
    const info = games.find((g) => g.name === pick.value)
    const range = info && info.bots && bots.checked && info.maxPlayers > info.minPlayers
    fillRow.replaceChildren(
      ...(range ? [settingRow({ name: 'fillTo', min: info.minPlayers, max: info.maxPlayers, default: fillTo }, fillTo, (v) => (fillTo = v), s.fillTo)] : []),
    )
  }
  drawGame()

  const dialog = el('dialog', { 'aria-labelledby': 'create-heading' },
    el('form', {
      method: 'dialog',
      onSubmit: () => {
        const info = games.find((g) => g.name === pick.value)
        const withBots = bots.checked && info?.bots === true
        done(pick.value, {
          ...(title.value.trim() && { title: title.value.trim() }),
          private: secret.checked, bots: withBots, settings: values, ...(withBots && { fillTo }),
        })
      },
    },
      el('h2', { id: 'create-heading' }, s.createTitle),
      el('label', { for: 'create-game' }, s.gamePick), pick,
      el('label', { for: 'create-title' }, s.title), title,
      settings,
      botsRow, fillRow,
      el('label', { class: 'check' }, secret, s.privateLobby),
      el('div', { class: 'row end' },
        el('button', { type: 'button', onClick: () => dialog.close() }, s.cancel),
        el('button', { type: 'submit', class: 'primary', 'data-test': 'create-go' }, s.createGo),
      ),
    ),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
