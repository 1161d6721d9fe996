import { el } from './dom'
import { keep, someName } from './keep'
import { colourPicker, colourSign } from './palette'
import { s } from './strings'

/** Who somebody is: the name, and the colour beside it. */
export function whoAmI(): { elements: HTMLElement[]; name: HTMLInputElement; lock: (locked: boolean) => void } {
  const name = el('input', {
    id: 'name', name: 'nickname', maxlength: 24, autocomplete: 'nickname', spellcheck: false, required: true, value: keep.name || someName(),
  })
  const button = el('button', {
    type: 'button', class: 'icon-button colour', 'data-test': 'colour', 'aria-expanded': 'false',
    onClick: () => {
      choice.hidden = !choice.hidden
      draw()
    },
  })
  const choice = el('div', { class: 'colours', hidden: true }, colourPicker(keep.colour, (c) => {
    keep.colour = c
    draw()
  }), el('small', {}, s.colourHint))

  function draw(): void {
    const words = s.colour(s.colours[keep.colour]!)
    button.replaceChildren(colourSign(keep.colour))
    button.setAttribute('aria-label', words)
    button.title = words
    button.setAttribute('aria-expanded', String(!choice.hidden))
  }
  draw()
  return {
    elements: [el('label', { for: 'name' }, s.name), el('div', { class: 'row who' }, name, button), choice],
    name,
    // A party knows its members by the name they came with.
    lock: (locked) => {
      name.readOnly = locked
      name.title = locked ? s.nameInParty : ''
    },
  }
}
