package lobby

import (
	"errors"
	"fmt"
	"time"
)

// Config is the limits and times of a Directory. Start from Defaults.
type Config struct {
	Instance       string        // this instance's name, unique among those that share a Store
	AdvertiseURL   string        // where clients reach this instance from outside, "https://a.example.com"; may be empty
	PeerURL        string        // where other instances reach this one, "http://10.0.0.5:7777"; may be empty
	Region         string        // where this instance is, as players name it; may be empty
	Version        string        // of the program, for other instances to see; may be empty
	MaxLobbies     int           // on this instance
	PerPlayer      int           // open lobbies a player may have made, on all instances as of a beat ago
	MaxSpectators  int           // a lobby, with a seat at its home
	MaxViewers     int           // of one lobby of another instance, here
	Delay          time.Duration // spectators see everything so much later, where a lobby does not say
	MaxDelay       time.Duration // that a lobby may ask for
	Hold           time.Duration // a seat outlives its connection by so much
	PassTTL        time.Duration // a pass is good for so long
	Countdown      time.Duration // between start and the first tick, with people
	CountdownAlone time.Duration // the same when the only person is alone with bots
	BotsAfter      time.Duration // a lobby with bots waits so long for people before bots come
	Results        time.Duration // results are shown so long before the lobby waits again
	EmptyAfter     time.Duration // a lobby without people is reaped after so long
	Beat           time.Duration // leases are asserted this often, with jitter
	Lease          time.Duration // and are good for so long; at least three beats
	StuckAfter     time.Duration // a lobby that takes so long over one round of work is stuck
	ChatEvery      time.Duration // one message a member each so often, sustained
	ChatBurst      int           // and so many at once
	Simulate       bool          // hosts may have a bad network simulated
}

// Defaults returns the Config that config.toml documents.
func Defaults() Config {
	return Config{
		Instance:       "sandlot",
		MaxLobbies:     2000,
		PerPlayer:      3,
		MaxSpectators:  32,
		MaxViewers:     2000,
		MaxDelay:       2 * time.Minute,
		Hold:           30 * time.Second,
		PassTTL:        30 * time.Second,
		Countdown:      3 * time.Second,
		CountdownAlone: 500 * time.Millisecond,
		BotsAfter:      3 * time.Second,
		Results:        8 * time.Second,
		EmptyAfter:     10 * time.Second,
		Beat:           2 * time.Second,
		Lease:          8 * time.Second,
		StuckAfter:     3 * time.Second,
		ChatEvery:      time.Second,
		ChatBurst:      5,
	}
}

// maxDelay bounds how late spectators may see a match.
const maxDelay = 10 * time.Minute

// Validate joins all faults of c in one error.
func (c Config) Validate() error {
	var faults []error
	if c.Instance == "" || len(c.Instance) > 64 {
		faults = append(faults, errors.New("instance name must have 1 to 64 bytes"))
	}
	atLeast := func(name string, v, least int64) {
		if v < least {
			faults = append(faults, fmt.Errorf("%s must be at least %d", name, least))
		}
	}
	atLeast("max lobbies", int64(c.MaxLobbies), 1)
	atLeast("lobbies a player", int64(c.PerPlayer), 1)
	atLeast("spectators a lobby", int64(c.MaxSpectators), 0)
	atLeast("viewers of a lobby elsewhere", int64(c.MaxViewers), 0)
	if c.Delay < 0 || c.MaxDelay < 0 || c.Delay > c.MaxDelay || c.MaxDelay > maxDelay {
		faults = append(faults, fmt.Errorf("spectator delay %v must be from 0 to its bound %v, and that at most %v", c.Delay, c.MaxDelay, maxDelay))
	}
	atLeast("chat burst", int64(c.ChatBurst), 1)
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"hold", c.Hold}, {"pass time", c.PassTTL}, {"countdown", c.Countdown},
		{"countdown alone", c.CountdownAlone}, {"bots after", c.BotsAfter}, {"results", c.Results},
		{"empty after", c.EmptyAfter}, {"stuck after", c.StuckAfter}, {"beat", c.Beat}, {"chat every", c.ChatEvery},
	} {
		if d.value <= 0 {
			faults = append(faults, fmt.Errorf("%s must be above 0", d.name))
		}
	}
	if c.Lease < 3*c.Beat {
		faults = append(faults, fmt.Errorf("lease %v must be at least three beats of %v", c.Lease, c.Beat))
	}
	return errors.Join(faults...)
}
