import type { Lobby, Row } from '@sandlot/client'
import { el, say } from '../dom'
import { s } from '../strings'

// Rows shown of a table.
const most = 40

/** What this client has been sent, table by table: all it can know, and nothing that was hidden from it. */
export class Inspector {
  private readonly pick = el('select', { 'aria-label': s.overlay.table, onChange: () => this.draw() })
  private readonly note = el('span', { class: 'quiet' })
  private readonly body = el('div', { class: 'rows', tabindex: 0, role: 'group', 'aria-label': s.overlay.rows })
  private names = ''
  readonly element = el('div', { class: 'inspector' }, el('div', { class: 'row' }, this.pick, this.note), this.body)

  constructor(private readonly lobby: Lobby) {}

  draw(): void {
    const { tables } = this.lobby.schema
    const names = tables.map((t) => t.name).join()
    if (names !== this.names) {
      this.names = names
      this.pick.replaceChildren(...tables.map((t) => el('option', { value: t.name }, t.name)))
    }
    const schema = tables.find((t) => t.name === this.pick.value)
    if (!schema) return
    const table = this.lobby.table(schema.name)
    say(this.note, s.overlay.count(table.size, most))
    const open = new Set(schema.fields.map((f) => f.name))
    const fields = [...new Set([...open, ...schema.owner.map((f) => f.name)])]
    // An owner's field of somebody else's row was never sent.
    const sent = (row: Row, field: string): boolean => open.has(field) || (row.owner !== 0 && row.owner === this.lobby.me)
    const rows: Row[] = []
    for (const row of table) if (rows.push(row) >= most) break
    const cells = (row: Row): string[] => [String(row.id), String(row.owner || ''), ...fields.map((f) => (sent(row, f) ? text(row[f]) : s.overlay.none))]
    this.body.replaceChildren(el('table', {},
      el('thead', {}, el('tr', {}, ...[s.overlay.id, s.overlay.owner, ...fields].map((f) => el('th', { scope: 'col' }, f)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...cells(row).map((c) => el('td', {}, c)))))))
  }
}

function text(v: unknown): string {
  if (Array.isArray(v)) return v.map(Number).join(' ')
  if (typeof v === 'boolean') return v ? '✓' : '·'
  return String(v ?? '')
}
