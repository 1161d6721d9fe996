package lobby

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby/bus"
)

// recordFormat is the format of what instances tell of themselves and of their
// lobbies. Fields may be added under the same number: who does not know them
// ignores them. A record of a higher number is not understood, and not used.
const recordFormat = 1

// Instance is what an instance tells the others of itself. It is a lease, said
// again each Beat; the numbers are as of the last time.
type Instance struct {
	Format   int      `json:"v"`
	Name     string   `json:"name"` // unique among those that share a Store
	Boot     string   `json:"boot"` // of this run
	URL      string   `json:"url"`  // where clients reach it; "" if it has no address of its own
	Peer     string   `json:"peer"` // where other instances reach it; "" if they do not
	Region   string   `json:"region"`
	Version  string   `json:"version"` // of the program
	Games    []string `json:"games"`   // that it serves, by name, ascending
	Draining bool     `json:"draining"`
	Full     bool     `json:"full"` // takes no further lobbies for now
	Lobbies  int      `json:"lobbies"`
	People   int      `json:"people"` // with a seat
	// Load is from 0, idle, to 1: the share of its processors that lobbies used
	// of late, or of the lobbies that it may have, whichever is more.
	Load float64 `json:"load"`

	until time.Time // of one elsewhere: when the lease ends
}

// Serves says whether the instance has the game.
func (i *Instance) Serves(game string) bool {
	_, ok := slices.BinarySearch(i.Games, game)
	return ok
}

// Takes says whether new lobbies of the game may be made there.
func (i *Instance) Takes(game string) bool { return !i.Draining && !i.Full && i.Serves(game) }

// Instances lists the instances whose leases stand, this one first and always
// among them, the others by name.
func (d *Directory) Instances() []Instance {
	now := time.Now()
	all := []Instance{d.self()}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, i := range d.others.instances {
		if i.until.After(now) {
			all = append(all, i)
		}
	}
	slices.SortFunc(all[1:], func(a, b Instance) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Regions names those that instances are in now.
func (d *Directory) Regions() (names []string) {
	add := func(region string) {
		if region != "" && !slices.Contains(names, region) {
			names = append(names, region)
		}
	}
	add(d.env.cfg.Region)
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, i := range d.others.instances {
		if i.until.After(now) {
			add(i.Region)
		}
	}
	return names
}

// self is this instance as it is now.
func (d *Directory) self() Instance {
	d.mu.Lock()
	lobbies, people := len(d.lobbies), 0
	for _, l := range d.lobbies {
		people += l.info.Load().Info.Players
	}
	stopping, busy := d.stopping, d.effort.part
	d.mu.Unlock()
	cfg := &d.env.cfg
	return Instance{
		Format: recordFormat, Name: cfg.Instance, Boot: d.env.boot, URL: cfg.AdvertiseURL, Peer: cfg.PeerURL, Region: cfg.Region, Version: cfg.Version,
		Games: d.served(), Draining: d.draining.Load() || stopping, Full: lobbies >= cfg.MaxLobbies || d.crowded(),
		Lobbies: lobbies, People: people,
		Load: min(1, max(busy, float64(lobbies)/float64(cfg.MaxLobbies))),
	}
}

// readInstances takes over what leases say of other instances. One that cannot
// be read, of another format maybe, does not count.
func readInstances(leases []bus.Lease, own string, now time.Time) map[string]Instance {
	all := map[string]Instance{}
	for _, lease := range leases {
		var i Instance
		if lease.ID == own || json.Unmarshal(lease.Value, &i) != nil || i.Format > recordFormat || i.Boot == "" {
			continue
		}
		i.Name, i.until = lease.ID, now.Add(lease.Left)
		slices.Sort(i.Games)
		all[lease.ID] = i
	}
	return all
}

// registered is the names of the games that are registered, ascending.
func registered() (names []string) {
	for _, def := range game.All() {
		names = append(names, def.Name)
	}
	return names
}

// effort is how much of the processors' time lobbies use. It is arithmetic.
type effort struct {
	at   time.Time
	done time.Duration
	part float64 // 0 to 1
}

// measured takes the time that all lobbies have worked so far, on so many
// processors; what it says is smoothed over about that long.
func (e *effort) measured(now time.Time, done time.Duration, processors int, over time.Duration) {
	if since := now.Sub(e.at); !e.at.IsZero() && since > 0 {
		part := float64(done-e.done) / float64(since) / float64(processors)
		e.part += (part - e.part) * min(1, float64(since)/float64(over))
	}
	e.at, e.done = now, done
}
