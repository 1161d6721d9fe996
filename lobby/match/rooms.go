package match

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// fillRooms puts tickets into running lobbies, the oldest lobby first, nearest
// ratings first.
func (p *pairing) fillRooms() {
	order := make([]int, len(p.rooms))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(p.rooms[a].Since.Compare(p.rooms[b].Since), strings.Compare(p.rooms[a].ID, p.rooms[b].ID))
	})
	for _, r := range order {
		p.fill(r)
	}
}

func (p *pairing) fill(r int) {
	room := &p.rooms[r]
	key, known := p.keys[room.Key]
	region, named := p.region[room.Region]
	if !known || !named || p.lists.keys[key].in&(1<<region) == 0 {
		return
	}
	free := slices.Clone(room.Free)
	places := 0
	for _, f := range free {
		places += f
	}
	points := int32(min(max(room.Points, -maxPoints), maxPoints))
	near := p.from(p.lists.of(key, region), points)
	for left := looks + looksAPlace*places; places > 0 && left > 0; left-- {
		i, _ := near.next()
		if i < 0 {
			return
		}
		e := &p.entries[i]
		team := emptiest(free)
		if abs(int(e.points-points)) > int(e.width) || free[team] < int(e.size) {
			continue
		}
		free[team] -= int(e.size)
		places -= int(e.size)
		p.take(i)
		p.plan.Fills = append(p.plan.Fills, Fill{Ticket: int(e.ticket), Room: r, Team: team})
	}
}

// emptiest is the team with most room, the first of several.
func emptiest(free []int) int {
	at := 0
	for i, f := range free {
		if f > free[at] {
			at = i
		}
	}
	return at
}

// from walks a list outwards from points. What was taken is still in its place
// and leads on to what was not.
func (p *pairing) from(list, points int32) around {
	l := &p.lists
	first, end := l.start[list], l.start[list+1]
	at := first + int32(sort.Search(int(end-first), func(i int) bool {
		return p.entries[l.entry[first+int32(i)]].points >= points
	}))
	a := around{p: p, points: points, left: at - 1, right: at}
	if a.left < first {
		a.left = -1
	}
	if a.right >= end {
		a.right = -1
	}
	for a.left >= 0 && p.entries[l.entry[a.left]].taken {
		a.left = l.prev[a.left]
	}
	for a.right >= 0 && p.entries[l.entry[a.right]].taken {
		a.right = l.next[a.right]
	}
	return a
}
