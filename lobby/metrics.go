package lobby

import "time"

// Metrics is told what the lobbies do. Its methods are called from many
// goroutines, some at each tick: they must be cheap and must not block.
type Metrics interface {
	TickLate(game string, d time.Duration) // a tick began d after its deadline
	Tick(game string, d time.Duration)     // all that was done at one deadline took d, ticks caught up with included
	TickRead(game string, d time.Duration) // reading the group took d
	TickStep(game string, d time.Duration) // the game's step took d
	TickSend(game string, d time.Duration) // encoding and writing took d
	Slipped(game string, ticks int)        // game time slipped by so many ticks
	InputsDropped(game string, n int)      // inputs that found a full buffer
	Lobbies(game string, delta int)        // lobbies opened (1) or closed (-1)
	Seats(game string, people, bots int)   // seats taken and left, as differences
	MatchStarted(game string)
	MatchEnded(game string, length time.Duration)
	GamePanic(game string)        // a game panicked and its lobby was closed
	InboxFull(game string)        // a post found a full inbox
	Chat(outcome string)          // "local", "remote", "limited", "empty", "dropped"
	ChatLatency(d time.Duration)  // from receipt at home to the write here or elsewhere
	BusDropped(n int)             // messages that found the bus queue full
	Frame(game string, bytes int) // a frame for spectators on other instances was made at a lobby's home
	FramesDropped(n int)          // such frames gave way to newer ones, or found the bus down
	FrameFault(what string)       // such a frame came that could not be used: "gap", "behind", "version", "build", "broken"
	Watching(game string, n int)  // spectators of lobbies elsewhere came (1) or left (-1)
	LateSkipped(game string)      // a state was not kept for delayed spectators: too much waits
	LateLost(game string)         // a message was lost to delayed spectators: too much waits
	StoreError(op string)         // a failed call: "assert", "list", "get", "chat", "publish"
}

// NoMetrics counts nothing.
type NoMetrics struct{}

var _ Metrics = NoMetrics{}

func (NoMetrics) TickLate(string, time.Duration)   {}
func (NoMetrics) Tick(string, time.Duration)       {}
func (NoMetrics) TickRead(string, time.Duration)   {}
func (NoMetrics) TickStep(string, time.Duration)   {}
func (NoMetrics) TickSend(string, time.Duration)   {}
func (NoMetrics) Slipped(string, int)              {}
func (NoMetrics) InputsDropped(string, int)        {}
func (NoMetrics) Lobbies(string, int)              {}
func (NoMetrics) Seats(string, int, int)           {}
func (NoMetrics) MatchStarted(string)              {}
func (NoMetrics) MatchEnded(string, time.Duration) {}
func (NoMetrics) GamePanic(string)                 {}
func (NoMetrics) InboxFull(string)                 {}
func (NoMetrics) Chat(string)                      {}
func (NoMetrics) ChatLatency(time.Duration)        {}
func (NoMetrics) BusDropped(int)                   {}
func (NoMetrics) Frame(string, int)                {}
func (NoMetrics) FramesDropped(int)                {}
func (NoMetrics) FrameFault(string)                {}
func (NoMetrics) Watching(string, int)             {}
func (NoMetrics) LateSkipped(string)               {}
func (NoMetrics) LateLost(string)                  {}
func (NoMetrics) StoreError(string)                {}
