package fours

// The board: cell c is column c%Columns of row c/Columns, row 0 at the bottom.
const (
	Columns = 7
	Rows    = 6
	Cells   = Columns * Rows
)

// Board holds for each cell 0 if it is empty, else 1 or 2 for the disc of the
// first or second seat.
type Board [Cells]uint8

// Landing is the cell where a disc dropped into a column comes to rest; false
// if the column is full. Column is 0..Columns-1.
func (b *Board) Landing(column int) (cell int, ok bool) {
	for cell = column; cell < Cells; cell += Columns {
		if b[cell] == 0 {
			return cell, true
		}
	}
	return 0, false
}

// Full says whether no disc can be dropped any more.
func (b *Board) Full() bool {
	for c := range Columns {
		if b[Cells-Columns+c] == 0 {
			return false
		}
	}
	return true
}

// Line finds four in a row through a cell, in order along the line.
func (b *Board) Line(cell int) (line [4]int8, ok bool) {
	who := b[cell]
	if who == 0 {
		return line, false
	}
	for _, d := range [4][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
		column, row := cell%Columns, cell/Columns
		for b.is(column-d[0], row-d[1], who) { // to the line's start
			column, row = column-d[0], row-d[1]
		}
		n := 0
		for ; n < 4 && b.is(column, row, who); n++ {
			line[n] = int8(row*Columns + column)
			column, row = column+d[0], row+d[1]
		}
		if n == 4 {
			return line, true
		}
	}
	return line, false
}

func (b *Board) is(column, row int, who uint8) bool {
	return column >= 0 && column < Columns && row >= 0 && row < Rows && b[row*Columns+column] == who
}
