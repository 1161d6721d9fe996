package bot

// memory is what a Pilot has seen of others: where they were over the last
// ticks, so that it can look at the past and guess speeds.
type memory struct {
	tracks [32]track // more ships than that: those seen longest ago are forgotten
}

const past = 16 // ticks remembered

type track struct {
	id   uint32
	seen uint32 // tick of the newest place
	n    int    // how many places are held
	x, y [past]float64
}

// see notes where a ship is.
func (m *memory) see(tick uint32, s *Ship) {
	t := m.find(s.ID)
	if t == nil {
		t = &m.tracks[0]
		for i := range m.tracks {
			if m.tracks[i].seen < t.seen {
				t = &m.tracks[i]
			}
		}
		*t = track{id: s.ID}
	} else if tick == t.seen {
		return
	} else if tick != t.seen+1 {
		t.n = 0 // a gap: speeds across it would be wrong
	}
	t.seen = tick
	t.n = min(t.n+1, past)
	t.x[tick%past], t.y[tick%past] = s.X, s.Y
}

func (m *memory) find(id uint32) *track {
	for i := range m.tracks {
		if m.tracks[i].id == id && id != 0 {
			return &m.tracks[i]
		}
	}
	return nil
}

// recall says where a ship was late ticks ago and how fast it was then, a tick,
// over the four ticks before. Younger ships are recalled as long as they are.
func (t *track) recall(late int) (x, y, vx, vy float64) {
	late = max(min(late, t.n-1), 0)
	i := (t.seen - uint32(late)) % past
	x, y = t.x[i], t.y[i]
	span := min(4, t.n-1-late)
	if span <= 0 {
		return x, y, 0, 0
	}
	j := (t.seen - uint32(late+span)) % past
	return x, y, (x - t.x[j]) / float64(span), (y - t.y[j]) / float64(span)
}
