package wire

// The elements of a state message before its body.
const (
	keyframeHead = 5 // type, 0, tick, applied, margin
	deltaHead    = 4 // type, advance, applied advance, margin
)

// State is the head of a state message.
type State struct {
	Keyframe bool
	Tick     uint32 // of a keyframe; of a delta, how far the tick advances, at least 1
	Applied  uint32 // newest input consumed; of a delta, by how much it grows
	Margin   int    // inputs left after the tick; negative: ticks that repeated the last
}

// AppendStateHead appends the array header and the head of a state message
// that is followed by elements values: the body with its closing 0, and the
// owner section. With keyframe, tick and applied are absolute; without, they
// are advances against the last state sent on that connection, and tick is at
// least 1, for 0 is what marks a keyframe.
func AppendStateHead(dst []byte, keyframe bool, tick, applied uint32, margin, elements int) []byte {
	var w *Writer
	if keyframe {
		w = open(dst, keyframeHead+elements, TypeState)
		w.Int(0)
	} else {
		w = open(dst, deltaHead+elements, TypeState)
	}
	w.Int(int64(tick))
	w.Int(int64(applied))
	w.Int(int64(margin))
	return w.shut()
}

// stateHead reads what AppendStateHead wrote, but for the type.
func (r *Reader) stateHead() State {
	var s State
	s.Tick = uint32(r.Within(0, maxUint32))
	if s.Tick == 0 {
		s.Keyframe = true
		s.Tick = uint32(r.Within(0, maxUint32))
	}
	s.Applied = uint32(r.Within(0, maxUint32))
	s.Margin = int(r.Within(-maxMargin, maxMargin))
	return s
}

const (
	maxUint32 = 1<<32 - 1
	maxMargin = 1 << 20
)
