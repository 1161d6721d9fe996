package client

// Stats counts what a client saw since New, over all of its connections.
type Stats struct {
	FramesIn, FramesOut uint64 // WebSocket messages
	BytesIn, BytesOut   uint64 // with their WebSocket headers, without TCP's
	States, Keyframes   uint64
	Reconnects          uint64 // connections that ended after a welcome and were to be made again
	ErrorFrames         uint64 // error messages of the server
	Errors              uint64 // those, bytes that made no sense, and failed attempts
	Slipped             uint64 // ticks that the server said it lost
	LastError           error

	Interval Hist // between states
	Latency  Hist // from SendInput to the first state that has it applied
	RTT      Hist // of pings
}

// Merge adds what other has counted.
func (s *Stats) Merge(other *Stats) {
	s.FramesIn += other.FramesIn
	s.FramesOut += other.FramesOut
	s.BytesIn += other.BytesIn
	s.BytesOut += other.BytesOut
	s.States += other.States
	s.Keyframes += other.Keyframes
	s.Reconnects += other.Reconnects
	s.ErrorFrames += other.ErrorFrames
	s.Errors += other.Errors
	s.Slipped += other.Slipped
	if other.LastError != nil {
		s.LastError = other.LastError
	}
	s.Interval.Merge(&other.Interval)
	s.Latency.Merge(&other.Latency)
	s.RTT.Merge(&other.RTT)
}

const maskBytes = 4 // a client's frames are masked

func (s *Stats) read(n int) {
	s.FramesIn++
	s.BytesIn += uint64(n + headerBytes(n))
}

func (s *Stats) wrote(n int) {
	s.FramesOut++
	s.BytesOut += uint64(n + headerBytes(n) + maskBytes)
}

func (s *Stats) fail(err error) {
	s.Errors++
	s.LastError = err
}

// headerBytes is the length of a WebSocket header (RFC 6455, section 5.2).
func headerBytes(n int) int {
	switch {
	case n < 126:
		return 2
	case n <= 0xffff:
		return 4
	}
	return 10
}

func (c *Client) count(f func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.stats)
}

// Stats returns a copy of the counters.
func (c *Client) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}
