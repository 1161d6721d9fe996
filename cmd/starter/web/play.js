import { connect } from '/sdk/sandlot.js'

const lobby = await (await connect({ name: 'Runner' })).quickPlay('gems')
const keys = { ArrowLeft: ['x', -1], ArrowRight: ['x', 1], ArrowUp: ['y', -1], ArrowDown: ['y', 1] }
for (const type of ['keydown', 'keyup']) {
  addEventListener(type, (ev) => {
    const [axis, way] = keys[ev.key] ?? []
    if (axis) lobby.setInput({ [axis]: type === 'keydown' ? way : 0 })
  })
}

const paint = document.querySelector('canvas').getContext('2d')
function dot(row, colour, text) {
  paint.fillStyle = colour
  paint.fillText(text, row.x / 11 + 20, row.y / 11 + 14)
  paint.fillRect(row.x / 11 + 20, row.y / 11 + 20, 20, 20)
}
function frame() {
  const winner = lobby.phase === 'results' && lobby.members.get(lobby.result?.[0].player)
  document.querySelector('p').textContent = winner ? `${winner.name} has won!` : 'Run with the arrow keys: who has five gems first wins.'
  paint.clearRect(0, 0, 640, 640)
  paint.strokeRect(0, 0, 640, 640)
  for (const gem of lobby.table('gems')) dot(gem, 'goldenrod', '')
  for (const r of lobby.table('runners').views()) dot(r, r.owner === lobby.me ? 'crimson' : 'steelblue', r.got)
  requestAnimationFrame(frame)
}
frame()
