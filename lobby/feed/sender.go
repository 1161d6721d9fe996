package feed

import (
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
)

// How often a whole frame goes out: by itself while a match is to be seen, and at
// most, however many ask.
const (
	WholeEvery = 2 * time.Second
	WholeGap   = 250 * time.Millisecond
)

// Sender makes the frames of a lobby at its home. Its cost does not depend on how
// many receive them.
type Sender struct {
	frame   Frame
	encoder *Encoder
	bytes   []byte // of Messages, one after another
	ends    []int
	state   []byte
	asked   bool
	wholeAt time.Time // of the last whole frame
	sentAt  time.Time // of the last frame
}

// NewSender makes a Sender. The epoch must be above that of any earlier one for
// the same lobby; build names the game's, as Print does.
func NewSender(schema *state.Schema, build, epoch uint64) *Sender {
	return &Sender{frame: Frame{Print: build, Epoch: epoch}, encoder: NewEncoder(schema)}
}

// Say puts a message into the next frame. The bytes are copied.
func (s *Sender) Say(message []byte) {
	s.bytes = append(s.bytes, message...)
	s.ends = append(s.ends, len(s.bytes))
}

// Restart has the next state be a keyframe: another match begins.
func (s *Sender) Restart() { s.encoder.Restart() }

// Ask has the next frame be whole, at the earliest WholeGap after the last one.
func (s *Sender) Ask() { s.asked = true }

// Asked is when the whole frame that was asked for is due; false if none was.
func (s *Sender) Asked() (time.Time, bool) { return s.wholeAt.Add(WholeGap), s.asked }

// Idle is how long no frame was made.
func (s *Sender) Idle(now time.Time) time.Duration { return now.Sub(s.sentAt) }

// Whole is what whole frames tell beside the state.
type Whole interface {
	// Standing calls say with each message that holds of the lobby now; the bytes
	// are valid during the call.
	Standing(say func(message []byte))
	// Barred are the ids of players who may not watch.
	Barred() []string
}

// Append appends the frame that is due: what was said, and the state of m, which
// is nil while no match is to be seen. None is due while nothing was said and
// changed; with beat there is one in any case.
func (s *Sender) Append(dst []byte, m session.Match, w Whole, now time.Time, beat bool) (frame []byte, did bool) {
	whole := s.asked && now.Sub(s.wholeAt) >= WholeGap || m != nil && now.Sub(s.wholeAt) >= WholeEvery
	hasState := false
	s.state = s.state[:0]
	if m != nil {
		s.state, hasState = s.encoder.Append(s.state, m, whole, now)
	}
	if !whole && !hasState && len(s.ends) == 0 && !beat {
		return dst, false
	}
	f := &s.frame
	f.Seq++
	f.Messages, f.Standing, f.Barred, f.Whole, f.State = s.messages(f.Messages[:0]), f.Standing[:0], nil, whole, nil
	if hasState {
		f.State = s.state
	}
	if whole {
		s.asked, s.wholeAt = false, now
		w.Standing(func(message []byte) { f.Standing = append(f.Standing, append([]byte(nil), message...)) })
		all := w.Barred()
		f.Barred = all[:min(len(all), maxBarred)]
	}
	s.sentAt = now
	dst = f.Append(dst)
	s.bytes, s.ends = s.bytes[:0], s.ends[:0]
	return dst, true
}

func (s *Sender) messages(into [][]byte) [][]byte {
	from := 0
	for _, end := range s.ends {
		into = append(into, s.bytes[from:end])
		from = end
	}
	return into
}

// Forget drops what was said: nobody receives frames.
func (s *Sender) Forget() { s.bytes, s.ends = s.bytes[:0], s.ends[:0] }
