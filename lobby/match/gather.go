package match

import "slices"

// gather looks for company for seed in a region and leaves it in p.found, seed
// first, then as they were found. It returns how many people that is. Nobody is
// taken yet.
func (p *pairing) gather(seed int32, region int) (people int) {
	s := &p.entries[seed]
	p.found = append(p.found[:0], seed)
	p.teams.reset(p.rule.Teams, p.rule.Size)
	p.teams.add(int(s.size))
	slot := p.lists.slot(s, region)
	near := around{p: p, points: s.points, left: p.lists.prev[slot], right: p.lists.next[slot]}
	low, high, width := s.points, s.points, s.width
	left := looks + looksAPlace*p.full
	for people = int(s.size); people < p.full; {
		if p.spent(&left, s.patient) {
			return people
		}
		i, above := near.next()
		if i < 0 {
			return people
		}
		c := &p.entries[i]
		apart := max(high, c.points) - min(low, c.points)
		if apart > width { // and so are all beyond it
			near.close(above)
			continue
		}
		if apart > c.width && !s.patient {
			continue
		}
		fits := p.teams.add(int(c.size))
		p.left -= p.teams.work / packsALook
		p.teams.work = 0
		if !fits {
			continue
		}
		if !s.patient {
			width = min(width, c.width)
		}
		low, high = min(low, c.points), max(high, c.points)
		p.found = append(p.found, i)
		people += int(c.size)
	}
	return people
}

// close ends the walk on one side.
func (a *around) close(above bool) {
	if above {
		a.right = -1
	} else {
		a.left = -1
	}
}

// spent counts a look and says that there was none left. The patient go on with
// what is kept for them.
func (p *pairing) spent(left *int, patient bool) bool {
	p.left--
	if *left--; *left >= 0 && p.left >= 0 {
		return false
	}
	if patient && p.long > 0 {
		p.long--
		return false
	}
	return true
}

// shrink keeps of p.found what makes the largest match of equal teams that is
// smaller than full, seed in any case, and returns how large its teams are; 0
// if there is none.
func (p *pairing) shrink() int {
	all := slices.Clone(p.found)
	seed := int(p.entries[all[0]].size)
	people := 0
	for _, i := range all {
		people += int(p.entries[i].size)
	}
	for size := min(p.rule.Size, people/p.rule.Teams); size >= seed && size*p.rule.Teams >= p.rule.Min; size-- {
		p.teams.reset(p.rule.Teams, size)
		p.found = p.found[:0]
		for _, i := range all {
			if p.teams.add(int(p.entries[i].size)) {
				p.found = append(p.found, i)
			}
		}
		if p.teams.people == size*p.rule.Teams {
			return size
		}
	}
	return 0
}

// make takes p.found into a new match of teams of size; bots fill what is free.
func (p *pairing) make(region, size int) {
	people := 0
	for _, i := range p.found {
		p.take(i)
		people += int(p.entries[i].size)
	}
	m := Match{Region: p.regions[region], Teams: p.assign(size), Bots: size*p.rule.Teams - people}
	p.plan.Matches = append(p.plan.Matches, m)
}
