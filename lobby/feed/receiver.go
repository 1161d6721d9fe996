package feed

// Receiver says which frames of a stream follow on each other. Frames may be
// lost, come twice and out of order: what it calls Good leads on without a gap.
type Receiver struct {
	epoch, seq uint64
	synced     bool
}

// Verdict is what a Receiver says of a frame.
type Verdict uint8

// The verdicts.
const (
	Good  Verdict = iota // take it
	Stale                // it came before, or too late: leave it
	Gap                  // something is missing before it: leave it, and ask for a whole one
)

// Take judges a frame.
func (r *Receiver) Take(f *Frame) Verdict {
	switch {
	case f.Epoch < r.epoch || f.Epoch == r.epoch && f.Seq <= r.seq:
		return Stale
	case f.Whole:
		r.epoch, r.seq, r.synced = f.Epoch, f.Seq, true
		return Good
	case !r.synced || f.Epoch != r.epoch || f.Seq != r.seq+1:
		r.synced = false
		return Gap
	default:
		r.seq = f.Seq
		return Good
	}
}

// Lose notes that frames may have been missed.
func (r *Receiver) Lose() { r.synced = false }

// Synced reports whether the newest frame taken led on from a whole one.
func (r *Receiver) Synced() bool { return r.synced }
