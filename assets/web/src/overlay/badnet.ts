import type { Lobby } from '@sandlot/client'
import { network } from '../badnet/network'
import { el, say, type Undo } from '../dom'
import { s } from '../strings'
import { wordsOf } from '../words'

// What is usual; the first is none.
const usual = ['', '50ms±10ms', '150ms±30ms', '150ms±30ms,1%', '300ms±60ms,2%', '80ms±40ms,64kbit/s', '60ms±20ms,outage=4s/20s', '50ms,cut=20s']

// The network message's type, as refusals name it.
const about = 15

/**
 * Lets who builds a game feel it on a bad network: this tab's own connection, or, as the host and where the server allows it, those of all in the lobby.
 */
export class BadNet {
  private readonly text = el('input', { name: 'net', 'aria-label': s.net.text, placeholder: s.net.none, maxlength: 90, autocomplete: 'off', spellcheck: false, 'data-test': 'net', value: network.text })
  private readonly seed = el('input', { name: 'seed', type: 'number', min: 0, max: 4294967295, step: 1, 'aria-label': s.net.seed, title: s.net.seed, 'data-test': 'net-seed', value: network.seed })
  private readonly all = el('button', { type: 'button', class: 'small', 'data-test': 'net-all', onClick: () => this.forAll() }, s.net.applyAll)
  private readonly note = el('p', { class: 'quiet', role: 'status' })
  private readonly pick = el('select', { 'aria-label': s.net.usual, 'data-test': 'net-usual', onChange: () => this.choose() },
    el('option', { value: '-' }, s.net.usual), ...usual.map((u) => el('option', { value: u }, u || s.net.none)))
  readonly element = el('form', { class: 'badnet', onSubmit: (ev: Event) => { ev.preventDefault(); this.apply() } },
    el('h3', {}, s.net.title),
    el('div', { class: 'row' }, this.pick, this.text),
    el('div', { class: 'row' }, el('label', {}, s.net.seedShort, ' ', this.seed), el('button', { type: 'submit', class: 'small', 'data-test': 'net-apply' }, s.net.apply),
      el('span', { class: 'grow' }), el('button', { type: 'button', class: 'small', 'data-test': 'net-cut', onClick: () => network.cut() }, s.net.cut)),
    this.all, this.note)

  /** `changed` is called when another network holds. */
  constructor(private readonly lobby: Lobby, undo: Undo, private readonly changed: () => void) {
    const draw = (): void => {
      this.all.hidden = !lobby.isHost
    }
    undo.add(lobby.on('lobby', draw), lobby.on('error', (err) => {
      if (err.about === about) say(this.note, wordsOf(err))
    }))
    draw()
    this.tell()
  }

  // The server simulates it for everyone; it says nothing where it does.
  private forAll(): void {
    const text = this.text.value.trim()
    this.lobby.setNetwork(text)
    say(this.note, text ? s.net.forAll(text) : s.net.forAllOff)
  }

  private choose(): void {
    if (this.pick.value === '-') return
    this.text.value = this.pick.value
    this.pick.value = '-'
    this.apply()
  }

  private apply(): void {
    try {
      network.set(this.text.value, Number(this.seed.value) || 0)
      this.text.removeAttribute('aria-invalid')
      this.tell()
      this.changed()
    } catch (err) {
      this.text.setAttribute('aria-invalid', 'true')
      say(this.note, s.net.wrong((err as Error).message))
    }
  }

  private tell(): void {
    say(this.note, network.on ? s.net.on(network.text, network.seed) : s.net.off)
  }
}
