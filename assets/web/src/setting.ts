import type { Setting } from '@sandlot/client'
import { el, say } from './dom'
import { settingName, settingValue, settingWords } from './strings'

let ids = 0

/**
 * One setting as a control: a check box for 0 and 1, a choice where values are words, a slider with its number for any other range. Who may not
 * change it is told its value.
 */
export function settingRow(set: Setting, value: number, changed: (value: number) => void, label = settingName(set.name), locked = false): HTMLElement {
  if (locked && (set.min !== 0 || set.max !== 1)) {
    return el('div', { class: 'setting fixed', 'data-setting': set.name }, el('span', {}, label), el('strong', {}, settingValue(set.name, value)))
  }
  if (set.max - set.min < 16 && settingWords(set)) {
    const words = Array.from({ length: set.max - set.min + 1 }, (_, i) => [set.min + i, settingValue(set.name, set.min + i)] as const)
    return choiceRow(set.name, label, words, value, changed)
  }
  const id = `setting-${++ids}`
  if (set.min === 0 && set.max === 1) {
    const box = el('input', { type: 'checkbox', id, checked: value === 1, disabled: locked, onChange: () => changed(box.checked ? 1 : 0) })
    return el('label', { class: 'check', 'data-setting': set.name }, box, label)
  }
  const number = el('output', { for: id }, settingValue(set.name, value))
  const slider = el('input', {
    type: 'range', id, min: set.min, max: set.max, step: stepOf(set), value,
    onInput: () => tell(),
    onChange: () => changed(Number(slider.value)),
  })
  function tell(): void {
    const words = settingValue(set.name, Number(slider.value))
    say(number, words)
    slider.setAttribute('aria-valuetext', words)
  }
  tell()
  return el('div', { class: 'setting', 'data-setting': set.name }, el('label', { for: id }, label), slider, number)
}

/** A choice among named values. */
export function choiceRow(name: string, label: string, words: readonly (readonly [number, string])[], value: number, changed: (value: number) => void): HTMLElement {
  const id = `setting-${++ids}`
  const pick = el('select', { id, onChange: () => changed(Number(pick.value)) },
    ...words.map(([v, text]) => el('option', { value: v, selected: v === value }, text)))
  return el('div', { class: 'setting choice', 'data-setting': name }, el('label', { for: id }, label), pick)
}

// Wide ranges go in fives, where both ends allow it.
function stepOf(set: Setting): number {
  return set.max - set.min > 100 && set.min % 5 === 0 && set.max % 5 === 0 ? 5 : 1
}
