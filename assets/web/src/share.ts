import { el, say } from './dom'
import { linkTo } from './link'
import { s } from './strings'

/** A button that copies the link to a lobby. */
export function copyButton(code: () => string, label = s.copyLink): HTMLButtonElement {
  let timer: ReturnType<typeof setTimeout> | undefined
  const words = el('span', { 'aria-live': 'polite' }, label)
  const button = el('button', {
    type: 'button', class: 'copy', title: label,
    onClick: async () => {
      say(words, (await copy(linkTo(code()))) ? s.copied : s.copyFailed)
      clearTimeout(timer)
      timer = setTimeout(() => say(words, label), 1500)
    },
  }, words)
  return button
}

// The clipboard interface wants https or localhost; a selection does as well.
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = el('textarea', { class: 'offscreen', 'aria-hidden': 'true', tabindex: -1 })
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}
