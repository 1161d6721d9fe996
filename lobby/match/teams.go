package match

import (
	"cmp"
	"slices"
)

// teams answers whether parties fit into teams, each party whole.
type teams struct {
	n, size int
	people  int
	parties []int // of more than one, largest first
	free    []int // places a team once these are packed
	tooMuch int   // the least party that did not fit; 0: all did
	work    int   // teams that were looked at while packing
}

func (t *teams) reset(n, size int) {
	t.n, t.size, t.people, t.parties, t.tooMuch = n, size, 0, t.parties[:0], 0
	t.empty()
}

// add adds a party if all still fit, and says whether it did. Single players
// fit wherever there is a place; only parties have to be packed. What did not
// fit once is not tried again, nor is what is larger: there is only less room
// since.
func (t *teams) add(party int) bool {
	if t.people+party > t.n*t.size || party > t.size || t.tooMuch > 0 && party >= t.tooMuch {
		return false
	}
	if party > 1 && !t.pack(party) {
		t.tooMuch = party
		return false
	}
	t.people += party
	return true
}

// pack packs one more party: the smallest of all goes where it leaves the least
// room, for a larger one all are packed anew.
func (t *teams) pack(party int) bool {
	if t.n == 1 {
		return true
	}
	if len(t.parties) == 0 || party <= t.parties[len(t.parties)-1] {
		t.work += t.n
		at := tightest(t.free, party)
		if at < 0 {
			return false
		}
		t.free[at] -= party
		t.parties = append(t.parties, party)
		return true
	}
	i, _ := slices.BinarySearchFunc(t.parties, party, func(a, b int) int { return b - a })
	t.parties = slices.Insert(t.parties, i, party)
	if t.fit() {
		return true
	}
	t.parties = slices.Delete(t.parties, i, i+1)
	t.fit() // as it was before
	return false
}

func (t *teams) empty() {
	t.free = t.free[:0]
	for range t.n {
		t.free = append(t.free, t.size)
	}
}

// fit packs the parties, largest first, each where it leaves the least room.
func (t *teams) fit() bool {
	t.empty()
	t.work += t.n * len(t.parties)
	for _, party := range t.parties {
		at := tightest(t.free, party)
		if at < 0 {
			return false
		}
		t.free[at] -= party
	}
	return true
}

// tightest is the team with least room where a party fits, or -1.
func tightest(free []int, party int) int {
	at := -1
	for i, f := range free {
		if f >= party && (at < 0 || f < free[at]) {
			at = i
		}
	}
	return at
}

// roomiest is the team with most room; of several the weakest.
func roomiest(free, strength []int) int {
	at := 0
	for i := range free {
		if free[i] > free[at] || free[i] == free[at] && strength[i] < strength[at] {
			at = i
		}
	}
	return at
}

// maxSwaps bounds how often two parties change teams to even them out.
const maxSwaps = 8

// assign puts p.found into teams of size, each party whole, and evens them out.
// What bots fill counts as the mean.
func (p *pairing) assign(size int) [][]int {
	n := p.rule.Teams
	placed := make([][]int32, n)
	if n == 1 {
		placed[0] = p.found
		return p.named(placed)
	}
	points, people := 0, 0
	for _, i := range p.found {
		points += int(p.entries[i].points * p.entries[i].size)
		people += int(p.entries[i].size)
	}
	mean := points / people
	slices.SortFunc(p.found, func(a, b int32) int {
		x, y := &p.entries[a], &p.entries[b]
		return cmp.Or(cmp.Compare(y.size, x.size), cmp.Compare(y.points, x.points), cmp.Compare(a, b))
	})
	free, strength := p.spread(placed, size, mean, true)
	if free == nil {
		_, strength = p.spread(placed, size, mean, false)
	}
	for range maxSwaps {
		if !p.swap(placed, strength, mean) {
			break
		}
	}
	return p.named(placed)
}

// strong is what an entry adds to its team above the mean.
func (p *pairing) strong(i int32, mean int) int {
	e := &p.entries[i]
	return (int(e.points) - mean) * int(e.size)
}

// spread places p.found: parties where most room is, which is fair, or tightly,
// which always fits. It returns nil if it did not fit.
func (p *pairing) spread(placed [][]int32, size, mean int, fair bool) (free, strength []int) {
	free, strength = make([]int, len(placed)), make([]int, len(placed))
	for i := range free {
		free[i], placed[i] = size, placed[i][:0]
	}
	for _, i := range p.found {
		party := int(p.entries[i].size)
		at := roomiest(free, strength)
		if party > 1 && !fair {
			at = tightest(free, party)
		}
		if at < 0 || free[at] < party {
			return nil, nil
		}
		free[at] -= party
		strength[at] += p.strong(i, mean)
		placed[at] = append(placed[at], i)
	}
	return free, strength
}

// swap changes two parties as large as each other between the strongest and the
// weakest team, if that brings the two closer.
func (p *pairing) swap(placed [][]int32, strength []int, mean int) bool {
	strongest, weakest := 0, 0
	for i := range strength {
		if strength[i] > strength[strongest] {
			strongest = i
		}
		if strength[i] < strength[weakest] {
			weakest = i
		}
	}
	apart := strength[strongest] - strength[weakest]
	best, x, y := apart, -1, -1
	for a, i := range placed[strongest] {
		for b, j := range placed[weakest] {
			if p.entries[i].size != p.entries[j].size {
				continue
			}
			if d := abs(apart - 2*(p.strong(i, mean)-p.strong(j, mean))); d < best {
				best, x, y = d, a, b
			}
		}
	}
	if x < 0 {
		return false
	}
	moved := p.strong(placed[strongest][x], mean) - p.strong(placed[weakest][y], mean)
	strength[strongest] -= moved
	strength[weakest] += moved
	placed[strongest][x], placed[weakest][y] = placed[weakest][y], placed[strongest][x]
	return true
}

func abs(n int) int { return max(n, -n) }

// named writes teams as indexes of tickets, older ones first.
func (p *pairing) named(placed [][]int32) [][]int {
	out := make([][]int, len(placed))
	for i, team := range placed {
		slices.Sort(team)
		out[i] = make([]int, len(team))
		for j, e := range team {
			out[i][j] = int(p.entries[e].ticket)
		}
	}
	return out
}
