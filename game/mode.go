package game

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Mode is a way to be matched with others by tickets: how many teams of how many,
// and whether it counts. A match of a mode is an ordinary match of the game.
type Mode struct {
	Name  string // as for games: lower case letters, digits and dashes, at most 32 bytes
	Title string // what people read, at most 48 bytes; "" is the name
	Teams int    // 0: each for itself; else 2 to the game's Teams
	Size  int    // players a team, or players in all where there are no teams
	// Min is the fewest people that make a match when no more come; teams are
	// then smaller, and as large as each other. 0: only a full match will do.
	Min      int
	Ranked   bool             // results change ratings, and nobody is added later: neither bots nor players
	Accept   bool             // each player must accept a match before it is made
	Settings map[string]int64 // what its matches have in place of the defaults
}

// Full is how many players a full match of m has.
func (m Mode) Full() int { return m.Size * max(m.Teams, 1) }

// Modes adds ways to be matched by tickets. A game without any has one, called
// "standard", as large as the game with at most 8 players.
func Modes(modes ...Mode) Option {
	return func(d *Definition) { d.Modes = append(d.Modes, modes...) }
}

// standardSize is the most players of the mode that a game has by itself.
const standardSize = 8

// Mode returns the mode of that name; "" is the first.
func (d *Definition) Mode(name string) (Mode, bool) {
	if name == "" {
		return d.Modes[0], true
	}
	i := slices.IndexFunc(d.Modes, func(m Mode) bool { return m.Name == name })
	if i < 0 {
		return Mode{}, false
	}
	return d.Modes[i], true
}

// checkModes refuses modes that the game could not play, and gives the standard
// one where there are none. It comes after the settings are compiled.
func (d *Definition) checkModes(f *faults) {
	if len(d.Modes) == 0 {
		d.Modes = []Mode{d.standard()}
		return
	}
	seen := map[string]bool{}
	for i := range d.Modes {
		m := &d.Modes[i]
		if m.Title == "" {
			m.Title = m.Name
		}
		if seen[m.Name] {
			f.add("Modes: %q is there twice", m.Name)
		}
		seen[m.Name] = true
		d.checkMode(*m, f)
	}
}

func (d *Definition) checkMode(m Mode, f *faults) {
	if !gameName.MatchString(m.Name) {
		f.add("Modes: the name %q must be lower case letters, digits and dashes, a letter first, at most 32", m.Name)
	}
	if len(m.Title) > maxTitle || !utf8.ValidString(m.Title) {
		f.add("Modes: %s: the title %q must be at most %d bytes of UTF-8", m.Name, m.Title, maxTitle)
	}
	if m.Teams != 0 && (m.Teams < 2 || m.Teams > d.Teams) {
		f.add("Modes: %s: %d teams: want 0, or 2 to the game's %d", m.Name, m.Teams, d.Teams)
	}
	if m.Size < 1 || m.Full() < d.MinPlayers || m.Full() > d.MaxPlayers {
		f.add("Modes: %s: %d players: the game takes %d to %d", m.Name, m.Full(), d.MinPlayers, d.MaxPlayers)
	}
	if m.Min != 0 && (m.Min < d.MinPlayers || m.Min > m.Full()) {
		f.add("Modes: %s: a match of %d people: want 0, or %d to %d", m.Name, m.Min, d.MinPlayers, m.Full())
	}
	var bad []string
	for name, value := range m.Settings {
		if !d.settings.allow(name, value) {
			bad = append(bad, name)
		}
	}
	slices.Sort(bad)
	if len(bad) > 0 {
		f.add("Modes: %s: no such settings, or out of their ranges: %s", m.Name, strings.Join(bad, ", "))
	}
}

// standard is the mode of a game that declares none.
func (d *Definition) standard() Mode {
	m := Mode{Name: "standard", Title: "Standard", Size: min(d.MaxPlayers, max(standardSize, d.MinPlayers)), Min: d.MinPlayers}
	if d.Teams == 0 {
		return m
	}
	size := max(m.Size/d.Teams, (d.MinPlayers+d.Teams-1)/d.Teams)
	if size*d.Teams <= d.MaxPlayers {
		m.Teams, m.Size = d.Teams, size
	}
	return m
}
