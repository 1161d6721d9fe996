package queue

import (
	"errors"
	"fmt"
	"time"
)

// Config is the limits and times of a Queue. Start from Defaults.
type Config struct {
	Every     time.Duration // between two pairings, while anybody waits
	TTL       time.Duration // a ticket that was not matched expires
	Keep      time.Duration // what became of a ticket is known for so long
	Accept    time.Duration // a match that is offered must be accepted within
	Gather    time.Duration // matched players have so long to come into their lobby
	BotsAfter time.Duration // a ticket waits so long for people before bots fill up; 0: for ever
	PartyTTL  time.Duration // a party that nobody asks for is forgotten
	PartySize int           // players
	Tickets   int           // that are kept at once
	Lease     time.Duration // with others: a matcher that was not heard of for so long is replaced
}

// Defaults returns a Config for a game of people who wait seconds, not minutes.
func Defaults() Config {
	return Config{
		Every:     250 * time.Millisecond,
		TTL:       10 * time.Minute,
		Keep:      2 * time.Minute,
		Accept:    15 * time.Second,
		Gather:    15 * time.Second,
		BotsAfter: 20 * time.Second,
		PartyTTL:  30 * time.Minute,
		PartySize: 16,
		Tickets:   200_000,
		Lease:     2 * time.Second,
	}
}

// Validate joins all faults of c in one error.
func (c Config) Validate() error {
	var faults []error
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"interval", c.Every}, {"time to live", c.TTL}, {"time that tickets are known", c.Keep}, {"time to accept", c.Accept},
		{"time to gather", c.Gather}, {"time to live of parties", c.PartyTTL}, {"lease", c.Lease},
	} {
		if d.value <= 0 {
			faults = append(faults, fmt.Errorf("%s must be above 0", d.name))
		}
	}
	if c.BotsAfter < 0 {
		faults = append(faults, errors.New("wait for bots must not be below 0"))
	}
	if c.PartySize < 1 || c.Tickets < 1 {
		faults = append(faults, errors.New("party size and tickets must be at least 1"))
	}
	return errors.Join(faults...)
}
