import type { CreateOptions, GameInfo } from '@sandlot/client'
import { el } from './dom'
import { settingRow } from './setting'
import { s, settingName } from './strings'

/** Asks what lobby to make. The settings are drawn from the game's own ranges. */
export function createDialog(games: readonly GameInfo[], game: string, done: (game: string, options: CreateOptions) => void): void {
  const pick = el('select', { id: 'create-game', onChange: () => drawGame() }, ...games.map((g) => el('option', { value: g.name, selected: g.name === game }, g.title)))
  const title = el('input', { id: 'create-title', maxlength: 60, placeholder: s.titleHint, autocomplete: 'off' })
  const secret = el('input', { type: 'checkbox', id: 'create-private' })
  const bots = el('input', { type: 'checkbox', id: 'create-bots', checked: true, onChange: () => drawFill() })
  const botsRow = el('label', { class: 'check' }, bots, s.botsFill)
  const fillRow = el('div')
  const knock = el('input', { type: 'checkbox', id: 'create-approval' })
  const level = el('select', { id: 'create-level' }, ...s.levels.map((words, i) => el('option', { value: i }, words)))
  const levelRow = el('div', { class: 'setting choice' }, el('label', { for: 'create-level' }, s.level), level)
  const most = el('div')
  const settings = el('div', { class: 'settings' })
  let values: Record<string, number> = {}
  let fillTo = 0
  let maxPlayers = 0

  function drawGame(): void {
    const info = games.find((g) => g.name === pick.value)
    values = {}
    settings.replaceChildren(
      ...(info?.settings ?? []).map((set) => settingRow(set, set.default, (v) => (values[set.name] = v), settingName(set.name, pick.value))),
    )
    botsRow.hidden = !info?.bots
    fillTo = Math.min(info?.maxPlayers ?? 0, Math.max(info?.minPlayers ?? 0, 6))
    maxPlayers = info?.maxPlayers ?? 0
    const range = info && info.maxPlayers > info.minPlayers
    most.replaceChildren(
      ...(range ? [settingRow({ name: 'maxPlayers', min: info.minPlayers, max: info.maxPlayers, default: maxPlayers }, maxPlayers, (v) => {
        maxPlayers = v
        drawFill()
      }, s.maxPlayers)] : []),
    )
    drawFill()
  }

  function drawFill(): void {
    const info = games.find((g) => g.name === pick.value)
    const range = info && info.bots && bots.checked && maxPlayers > info.minPlayers
    fillTo = Math.min(fillTo, maxPlayers)
    levelRow.hidden = !info?.bots || !bots.checked
    fillRow.replaceChildren(
      ...(range ? [settingRow({ name: 'fillTo', min: info.minPlayers, max: maxPlayers, default: fillTo }, fillTo, (v) => (fillTo = v), s.fillTo)] : []),
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
          private: secret.checked, approval: knock.checked, maxPlayers, settings: values,
          bots: withBots, ...(withBots && { fillTo, level: Number(level.value) as 0 | 1 | 2 }),
        })
      },
    },
      el('h2', { id: 'create-heading' }, s.createTitle),
      el('label', { for: 'create-game' }, s.gamePick), pick,
      el('label', { for: 'create-title' }, s.title), title,
      settings,
      most, botsRow, fillRow, levelRow,
      el('label', { class: 'check' }, secret, s.privateLobby),
      el('label', { class: 'check' }, knock, s.approval),
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
