package state

// columns says where the fields of a table lie in rows: the public ones first,
// then the owner's. It follows from the schema alone, so server and client
// agree on it.
type columns struct {
	name   string
	one    bool
	fields []column
	public int      // how many of fields are public
	width  int      // words a row
	texts  int      // strings a row
	shown  int      // how many of the words are public ones, which come first
	said   int      // the same of strings
	bits   []uint64 // for each word its field's bit: public from bit 0, owner from bit 32
	tbits  []uint64 // the same for each string
}

type column struct {
	Field
	at  int // the first word, or the string
	n   int // words
	rem int // public: the word of its exact remainder, or -1
}

func newColumns(t *TableSchema) columns {
	c := columns{name: t.Name, one: t.One, public: len(t.Fields)}
	for i, f := range t.Fields {
		c.add(f, 1<<i)
	}
	c.shown, c.said = c.width, c.texts
	for i, f := range t.Owner {
		c.add(f, 1<<(32+i))
	}
	for i := range c.fields[:c.public] {
		for j := range c.fields[c.public:] {
			p, o := &c.fields[i], &c.fields[c.public+j]
			if p.Name == o.Name && p.Kind != String && p.Kind == o.Kind && p.n == o.n {
				p.rem = o.at
			}
		}
	}
	return c
}

// words is what a row takes in a Mirror, in words of 8 bytes.
func (c *columns) words() int { return 1 + c.width + 2*c.texts }

func (c *columns) add(f Field, bit uint64) {
	if f.Kind == String {
		c.fields = append(c.fields, column{f, c.texts, 0, -1})
		c.tbits = append(c.tbits, bit)
		c.texts++
		return
	}
	n := max(f.Len, 1)
	c.fields = append(c.fields, column{f, c.width, n, -1})
	for range n {
		c.bits = append(c.bits, bit)
	}
	c.width += n
}

// diff is the mask of fields in which two rows differ; nil ones are zeros.
func (c *columns) diff(a, b []int64, as, bs []string) uint64 {
	var mask uint64
	if a == nil {
		for i, v := range b {
			if v != 0 {
				mask |= c.bits[i]
			}
		}
	} else {
		a = a[:len(b)]
		for i, v := range b {
			if a[i] != v {
				mask |= c.bits[i]
			}
		}
	}
	for i, s := range bs {
		if as == nil && s != "" || as != nil && as[i] != s {
			mask |= c.tbits[i]
		}
	}
	return mask
}

// row gives the columns of one row of r.
func (c *columns) row(r *rows, pos int) ([]int64, []string) {
	return r.ints[pos*c.width : (pos+1)*c.width : (pos+1)*c.width], r.strs[pos*c.texts : (pos+1)*c.texts : (pos+1)*c.texts]
}
