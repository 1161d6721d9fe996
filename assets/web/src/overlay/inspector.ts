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
    say(this.note, s.overlay.count(table.size))
    const fields = [...new Set([...schema.fields, ...schema.owner].map((f) => f.name))]
    const rows: Row[] = []
    for (const row of table) if (rows.push(row) >= most) break
    const cells = (row: Row): string[] => [String(row.id), String(row.owner || ''), ...fields.map((f) => text(row[f]))]
    this.body.replaceChildren(el('table', {},
      el('thead', {}, el('tr', {}, ...[s.overlay.id, s.overlay.owner, ...fields].map((f) => el('th', { scope: 'col' }, f)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...cells(row).map((c) => el('td', {}, c)))))))
  }
}

// An owner's field of somebody else's row is a zero that means nothing; it is shown as it is known.
function text(v: unknown): string {
  if (Array.isArray(v)) return v.map(Number).join(' ')
  if (typeof v === 'boolean') return v ? '✓' : '·'
  return String(v ?? '')
}
