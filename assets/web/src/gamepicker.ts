import type { GameInfo } from '@sandlot/client'
import { el } from './dom'
import { gameIcon } from './icons'
import { keep } from './keep'
import { s } from './strings'

/** Which game to play: one stop for the tab key, and arrows within, as in any group of which one is chosen. */
export function gamePicker(changed: () => void): { element: HTMLElement; chosen: () => string; games: (list: readonly GameInfo[]) => void } {
  let games: readonly GameInfo[] = []
  let game = keep.game || 'arena'
  const element = el('div', {
    class: 'games', role: 'radiogroup', 'aria-label': s.gamePick,
    onKeydown: (ev: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[ev.key]
      if (!step || games.length === 0) return
      ev.preventDefault()
      const at = games.findIndex((g) => g.name === game)
      choose(games[(at + step + games.length) % games.length]!.name)
    },
  })

  function choose(to: string): void {
    game = keep.game = to
    draw()
    element.querySelector<HTMLElement>('[aria-checked=true]')?.focus()
    changed()
  }
  function draw(): void {
    element.replaceChildren(
      ...games.map((g) =>
        el('button', {
          type: 'button', role: 'radio', class: 'game', 'aria-checked': String(g.name === game), 'data-game': g.name,
          tabindex: g.name === game ? 0 : -1, onClick: () => choose(g.name),
        }, gameIcon(g.name), el('span', {}, g.title))))
  }
  return {
    element,
    chosen: () => game,
    games: (list) => {
      games = list
      if (games.length > 0 && !games.some((g) => g.name === game)) game = games[0]!.name
      draw()
      changed()
    },
  }
}
