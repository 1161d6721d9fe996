package session

import "time"

// Config is the limits of a session. The zero value of a field means its
// default; see Defaults.
type Config struct {
	EventBytes   int           // events lane, bytes not yet written; above: close 4008
	ReplayBytes  int           // a seat's replay log, bytes
	Unacked      time.Duration // oldest state without an ack; above: close 4008
	BlockedWrite time.Duration // a socket that takes nothing; above: close 4008
	WindowExtra  time.Duration // ack window: least round trip of the last 10 s and this…
	WindowMax    time.Duration // …and at most this
	Heartbeat    time.Duration // a state message at least so often while a match runs
	Ping         time.Duration // WebSocket ping every so often
	Dead         time.Duration // nothing heard for so long: the connection is lost
	Idle         time.Duration // no input, command, chat or lobby action for so long: close 4503; < 0: never
	InputBurst   int           // inputs and acks at once
	InputFactor  float64       // inputs and acks a second, as a multiple of the tick rate
	OtherRate    float64       // other frames a second
	OtherBurst   int           // other frames at once
	Metrics      Metrics       // nil: none

	filled bool
	pads   *pads // of the groups that share it
}

// Defaults gives the limits that PROTOCOL.md names.
func Defaults() Config {
	return Config{
		EventBytes:   64 << 10,
		ReplayBytes:  64 << 10,
		Unacked:      10 * time.Second,
		BlockedWrite: 5 * time.Second,
		WindowExtra:  250 * time.Millisecond,
		WindowMax:    time.Second,
		Heartbeat:    time.Second,
		Ping:         10 * time.Second,
		Dead:         30 * time.Second,
		Idle:         15 * time.Minute,
		InputBurst:   16,
		InputFactor:  1.25,
		OtherRate:    20,
		OtherBurst:   40,
	}
}

// Filled is c with the defaults filled in, to be shared by all sessions.
func (c Config) Filled() *Config {
	d := Defaults()
	fill(&c.EventBytes, d.EventBytes)
	fill(&c.ReplayBytes, d.ReplayBytes)
	fill(&c.Unacked, d.Unacked)
	fill(&c.BlockedWrite, d.BlockedWrite)
	fill(&c.WindowExtra, d.WindowExtra)
	fill(&c.WindowMax, d.WindowMax)
	fill(&c.Heartbeat, d.Heartbeat)
	fill(&c.Ping, d.Ping)
	fill(&c.Dead, d.Dead)
	fill(&c.Idle, d.Idle)
	fill(&c.InputBurst, d.InputBurst)
	fill(&c.InputFactor, d.InputFactor)
	fill(&c.OtherRate, d.OtherRate)
	fill(&c.OtherBurst, d.OtherBurst)
	if c.Metrics == nil {
		c.Metrics = NoMetrics{}
	}
	c.filled, c.pads = true, new(pads)
	return &c
}

func fill[T int | float64 | time.Duration](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

// inputs is the limit of inputs and acks at a tick rate. What is dropped may
// reach 10 s worth.
func (c *Config) inputs(tickRate int) limit {
	rate := float32(c.InputFactor * float64(max(tickRate, 1)))
	return limit{rate: rate, burst: float32(c.InputBurst), most: 10 * rate}
}

// other is the limit of all other messages: as many as a burst may be dropped.
func (c *Config) other() limit {
	return limit{rate: float32(c.OtherRate), burst: float32(c.OtherBurst), most: float32(c.OtherBurst)}
}
