package session

import "time"

// verdict is what a bucket says of a frame.
type verdict uint8

const (
	pass  verdict = iota // within the rate
	drop                 // above it
	flood                // so much above it that the session ends
)

// bucket is a token bucket with a second one for what was dropped: that leaks
// at the same rate and ends the session when it has taken its bound at once.
// A client a little too fast loses what is too much, for ever; one that floods
// is gone. Its arithmetic is pure: now comes from outside.
type bucket struct {
	spare   float32       // tokens left
	dropped float32       // dropped and not yet leaked
	at      time.Duration // when both were true
	begun   bool
}

// limit is a bucket's shape.
type limit struct {
	rate  float32 // a second
	burst float32
	most  float32 // dropped at once
}

// take judges one frame at now, a time since the session began.
func (b *bucket) take(l limit, now time.Duration) verdict {
	if !b.begun {
		b.begun, b.spare, b.at = true, l.burst, now
	}
	if now > b.at {
		gained := l.rate * float32((now - b.at).Seconds())
		b.spare = min(l.burst, b.spare+gained)
		b.dropped = max(0, b.dropped-gained)
		b.at = now
	}
	if b.spare >= 1 {
		b.spare--
		return pass
	}
	if b.dropped++; b.dropped > l.most {
		return flood
	}
	return drop
}
