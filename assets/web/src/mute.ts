import { el, svg, Undo } from './dom'
import { sound } from './sound'
import { s } from './strings'

/** The button that turns the sounds off and on; the key M does the same. */
export function muteButton(undo: Undo): HTMLElement {
  const waves = svg('path', { d: 'M15.5 8.5a5 5 0 0 1 0 7M18 6a9 9 0 0 1 0 12', class: 'waves' })
  const cross = svg('path', { d: 'm16 9 6 6m0-6-6 6', class: 'cross-out' })
  const icon = svg('svg', { viewBox: '0 0 24 24', class: 'glyph', 'aria-hidden': 'true' }, svg('path', { d: 'M4 9.5v5h3.5L12 19V5L7.5 9.5z', class: 'body' }), waves, cross)
  const button = el('button', { type: 'button', class: 'icon-button', 'data-test': 'mute', 'aria-pressed': 'false', 'aria-label': s.mute, title: s.muteKey, onClick: () => toggle() }, icon)
  function toggle(): void {
    sound.muted = !sound.muted
  }
  function draw(): void {
    button.setAttribute('aria-pressed', String(sound.muted))
  }
  undo.add(sound.onMute(draw))
  undo.on(window, 'keydown', (ev: KeyboardEvent) => {
    const typing = ev.target instanceof HTMLElement && ev.target.closest('input:not([type=range], [type=checkbox]), textarea, select')
    if (ev.code === 'KeyM' && !ev.repeat && !typing && !ev.ctrlKey && !ev.metaKey && !ev.altKey) toggle()
  })
  draw()
  return button
}
