// The board: cell c is column c % 7 of row floor(c / 7), row 0 at the bottom.
export const columns = 7
export const rows = 6

/** The game's one row, by the names of its schema. */
export interface Match {
  board: readonly number[]
  first: number
  second: number
  turn: number
  /** The tick at which the time of the one to move is up. */
  deadline: number
  last: number
  over: boolean
  winner: number
  line: readonly number[]
}

/** The cell where a disc dropped into a column comes to rest; -1 if the column is full. */
export function landing(board: readonly number[], column: number): number {
  for (let cell = column; cell < columns * rows; cell += columns) if (!board[cell]) return cell
  return -1
}
