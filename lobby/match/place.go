package match

import "time"

// Instance is what placing a lobby must know of one.
type Instance struct {
	Name    string
	Region  string
	Takes   bool      // has the game, has room and is not about to stop
	Near    bool      // it is the one that asks
	Load    float64   // 0 to 1
	Lobbies int       // there, and on their way there
	Until   time.Time // what is known of it counts so long; zero: always
}

// Place returns the index of the instance that a new lobby is opened on, or -1
// where none takes it. One in the wanted region wins, if there is one ("" wants
// none), then the least loaded. Loads count in tenths, because they are seconds
// old and what many ask for at once must not all go to one place: among equals
// the one with fewest lobbies wins, then the one that asks, then the lower name.
func Place(now time.Time, region string, all []Instance) int {
	best := -1
	for i := range all {
		if !all[i].Takes || !all[i].Until.IsZero() && !now.Before(all[i].Until) {
			continue
		}
		if best < 0 || all[i].better(&all[best], region) {
			best = i
		}
	}
	return best
}

func (i *Instance) better(o *Instance, region string) bool {
	if in := i.Region == region; region != "" && in != (o.Region == region) {
		return in
	}
	switch {
	case i.tenths() != o.tenths():
		return i.tenths() < o.tenths()
	case i.Lobbies != o.Lobbies:
		return i.Lobbies < o.Lobbies
	case i.Near != o.Near:
		return i.Near
	}
	return i.Name < o.Name
}

func (i *Instance) tenths() int { return int(max(0, min(i.Load, 1)) * 10) }
