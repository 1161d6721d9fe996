import { el, say, Undo } from './dom'
import { s } from './strings'

/** On the start page: whether the server answers. Always to be seen, announced when it changes. */
export function reachPill(retry: () => void): { element: HTMLElement; set: (ok: boolean) => void; close: () => void } {
  const undo = new Undo()
  const words = el('span', { class: 'words' })
  const button = el('button', { type: 'button', class: 'small', hidden: true, onClick: retry }, s.retryNow)
  const element = el('div', { class: 'status', 'data-test': 'reach', role: 'status' }, el('span', { class: 'pill' }, el('i', {}), words), button)
  let state: boolean | null = null

  function draw(): void {
    const on = navigator.onLine
    element.dataset['state'] = state === null && on ? 'connecting' : state && on ? 'open' : 'closed'
    say(words, !on ? s.noNetwork : state === null ? s.connecting : state ? s.online : s.unreached)
    button.hidden = state !== false && on
  }
  undo.on(window, 'online', () => {
    draw()
    retry()
  })
  undo.on(window, 'offline', draw)
  draw()
  return {
    element,
    set: (ok) => {
      state = ok
      draw()
    },
    close: () => undo.run(),
  }
}
