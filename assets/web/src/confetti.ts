import { calm } from './calm'
import { palette } from './colours'
import { el } from './dom'

// Scraps of paper.
const scraps = 70

/** Falls once over whoever won; nothing for those who want little motion. */
export function confetti(): HTMLElement | null {
  if (calm()) return null
  const part = (least: number, most: number): number => least + Math.random() * (most - least)
  return el('div', { class: 'confetti', 'aria-hidden': 'true' }, ...Array.from({ length: scraps }, (_, i) => {
    const scrap = el('i', {})
    const looks = {
      left: `${part(0, 100).toFixed(1)}%`, background: palette[i % 8]!.css, width: `${part(6, 11).toFixed(0)}px`, height: `${part(9, 16).toFixed(0)}px`,
      '--turn': `${part(-900, 900).toFixed(0)}deg`, '--side': `${part(-70, 70).toFixed(0)}px`, 'animation-duration': `${part(2.2, 4.2).toFixed(2)}s`, 'animation-delay': `${part(0.2, 1.4).toFixed(2)}s`,
    }
    for (const [key, value] of Object.entries(looks)) scrap.style.setProperty(key, value)
    return scrap
  }))
}
