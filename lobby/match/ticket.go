package match

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Ticket is a player or a party that waits for one mode of one game.
type Ticket struct {
	ID        string // unique; of two as old the lower one counts as older
	Since     time.Time
	Key       string    // attributes: only equal ones meet; see Attributes
	Players   []int     // the Points of each, at least one
	Latencies []Latency // by region; none: plays anywhere
}

// Latency is how far a ticket is from a region, in milliseconds of round trip;
// of a party the worst.
type Latency struct {
	Region string
	MS     int
}

// Room is a lobby with free places.
type Room struct {
	ID     string // unique
	Since  time.Time
	Key    string // as of tickets
	Region string
	Points int   // the mean of those in it
	Free   []int // places a team; one number where there are no teams
}

// Attributes writes attributes as a ticket's Key: equal maps, equal keys.
func Attributes(a map[string]string) string {
	if len(a) == 0 {
		return ""
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a)) {
		b.WriteString(strconv.Quote(name))
		b.WriteByte('=')
		b.WriteString(strconv.Quote(a[name]))
		b.WriteByte(';')
	}
	return b.String()
}
