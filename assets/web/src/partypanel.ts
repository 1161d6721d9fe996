import type { Company } from './company'
import { el } from './dom'
import { partyCode, partyLink } from './link'
import { copyButton, qrButton } from './share'
import { s } from './strings'

export interface PartyOptions {
  readonly company: Company
  create(): void
  join(code: string): void
  leave(): void
  /** The own player id. */
  me(): string
  remove(player: string): void
}

/** On the start: who plays together with this visitor, and how to come together. */
export function partyPanel(o: PartyOptions): { element: HTMLElement; close: () => void } {
  const code = el('input', { id: 'party-code', autocomplete: 'off', spellcheck: false, autocapitalize: 'characters', placeholder: s.partyCode, 'aria-label': s.partyCode, 'data-test': 'party-code' })
  const alone = el('form', {
    class: 'row',
    onSubmit: (ev: Event) => {
      ev.preventDefault()
      const typed = partyCode(code.value)
      if (typed) o.join(typed)
      else code.focus()
    },
  }, el('button', { type: 'button', 'data-test': 'party-create', onClick: () => o.create() }, s.partyCreate), code, el('button', { type: 'submit' }, s.join))
  const what = el('p', { class: 'quiet' }, s.partyWhat)
  const shown = el('strong', { class: 'code', 'data-test': 'party' })
  const members = el('ul', { class: 'company', 'aria-label': s.partyMembers })
  const hint = el('p', { class: 'quiet', role: 'status' })
  const address = (): string => partyLink(o.company.party?.code ?? '')
  const leave = el('button', { type: 'button', class: 'small', 'data-test': 'party-leave', onClick: () => o.leave() }, s.leave)
  const together = el('div', { class: 'together' },
    el('div', { class: 'row' }, shown, copyButton(() => o.company.party?.code ?? '', s.copyLink, address), qrButton(() => o.company.party?.code ?? '', address)),
    members, hint)
  const element = el('section', { class: 'party', 'aria-label': s.party }, el('div', { class: 'row' }, el('h2', {}, s.party), el('span', { class: 'grow' }), leave), what, alone, together)

  function draw(): void {
    const { party } = o.company
    leave.hidden = !party
    alone.hidden = what.hidden = !!party
    together.hidden = !party
    if (!party) return
    shown.textContent = party.code
    hint.textContent = party.members.length < 2 ? s.partyAlone : party.isLeader ? s.partyLead : s.partyFollow
    members.replaceChildren(...party.members.map((m) => el('li', { 'data-member': m.name },
      el('span', { class: 'who', title: m.name }, m.name),
      m.id === party.leader && el('small', {}, s.leader),
      m.id === o.me() && el('small', {}, s.you),
      el('span', { class: 'grow' }),
      party.isLeader && m.id !== party.leader && el('button', { type: 'button', class: 'small', 'aria-label': s.kickWho(m.name), onClick: () => o.remove(m.id) }, s.kick))))
  }
  const off = o.company.on(draw)
  draw()
  return { element, close: off }
}
