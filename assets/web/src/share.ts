import { el, say, svg } from './dom'
import { linkTo } from './link'
import { qr } from './qr'
import { s } from './strings'

/** A button that copies the link to a lobby, or the address given. */
export function copyButton(code: () => string, label = s.copyLink, address = (): string => linkTo(code())): HTMLButtonElement {
  let timer: ReturnType<typeof setTimeout> | undefined
  const words = el('span', { 'aria-live': 'polite' }, label)
  const button = el('button', {
    type: 'button', class: 'copy', title: label,
    onClick: async () => {
      say(words, (await copy(address())) ? s.copied : s.copyFailed)
      clearTimeout(timer)
      timer = setTimeout(() => say(words, label), 1500)
    },
  }, words)
  return button
}

/** A button that shows the link as a QR code, for a phone to read. */
export function qrButton(code: () => string, address = (): string => linkTo(code())): HTMLButtonElement {
  return el('button', { type: 'button', class: 'qr', 'data-test': 'qr', onClick: () => qrDialog(code(), address()) }, s.qr)
}

function qrDialog(code: string, link: string): void {
  const dialog = el('dialog', { class: 'qr', 'aria-label': s.qrTitle },
    el('h2', {}, s.qrTitle),
    qrPicture(link) ?? '',
    el('p', {}, el('strong', { class: 'bigcode' }, code)),
    el('p', { class: 'quiet link' }, link),
    el('div', { class: 'row end' }, copyButton(() => code, s.copyLink, () => link), el('button', { type: 'button', class: 'primary', onClick: () => dialog.close() }, s.done)),
  )
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', (ev) => {
    if (ev.target === dialog) dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
}

/** Dark on light in either theme, as readers want it; null if the text is too long. */
export function qrPicture(text: string): SVGSVGElement | null {
  const grid = qr(text)
  if (!grid) return null
  const size = grid.length + 8
  const path = grid.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('')
  return svg('svg', { viewBox: `0 0 ${size} ${size}`, class: 'qr-picture', role: 'img', 'aria-label': s.qrPicture, 'shape-rendering': 'crispEdges' },
    svg('rect', { width: size, height: size, fill: '#fff' }), svg('path', { d: path, fill: '#000' }))
}

// The clipboard interface wants https or localhost; a selection does as well.
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = el('textarea', { class: 'offscreen', 'aria-hidden': 'true', tabindex: -1 })
    area.value = text
    const host = document.querySelector('dialog[open]') ?? document.body
    host.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}
