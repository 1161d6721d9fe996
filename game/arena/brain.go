package arena

import (
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/bot"
	"github.com/sandlot-server/sandlot/game/state"
)

// brain shows what its client knows to a bot.Pilot and passes on what that does.
type brain struct {
	pilot  *bot.Pilot
	mirror *state.Mirror
	match  bot.Table
	speed  float64 // of shots, a tick
	ships  bot.Table
	shots  bot.Table
	picks  bot.Table
	walls  bot.Table
	scene  bot.Scene
}

// Fields of the tables, in the order in which open names them.
const (
	matchWidth, matchHeight, matchShotSpeed = 0, 1, 2

	shipX, shipY, shipHP, shipShield, shipDash, shipAmmo, shipRail = 0, 1, 2, 3, 4, 5, 6

	shotX, shotY, shotAim, shotBorn = 0, 1, 2, 3

	pickX, pickY, pickKind = 0, 1, 2

	wallX, wallY, wallW, wallH = 0, 1, 2, 3
)

// NewBrain returns a bot for one match.
func NewBrain(seed uint64) game.Brain { return &brain{pilot: bot.NewPilot(seed)} }

var _ game.Leveled = (*brain)(nil)

// SetLevel implements game.Leveled.
func (b *brain) SetLevel(level int) { b.pilot.Ease(level) }

// Think flies the ship of v.Me for one tick.
func (b *brain) Think(v *game.View, in any) any {
	input, ok := in.(*Input)
	if !ok {
		return nil
	}
	if b.mirror != v.Mirror {
		b.open(v.Mirror)
	}
	if b.match.Len() == 0 || b.match.Int(0, matchWidth) == 0 {
		return nil // the match has not been seen yet
	}
	b.survey()
	b.look(v)
	act := b.pilot.Decide(&b.scene)
	*input = Input(act)
	return nil
}

// open finds the tables of a mirror.
func (b *brain) open(m *state.Mirror) {
	b.mirror = m
	b.match = bot.Open(m, "match", "width", "height", "shotSpeed")
	b.ships = bot.Open(m, "ships", "x", "y", "hp", "shield", "dash", "ammo", "rail")
	b.shots = bot.Open(m, "shots", "x", "y", "aim", "born")
	b.picks = bot.Open(m, "pickups", "x", "y", "kind")
	b.walls = bot.Open(m, "walls", "x", "y", "w", "h")
	b.scene = bot.Scene{}
}

// survey reads the map, once it is there.
func (b *brain) survey() {
	s := &b.scene
	if s.Width != 0 && len(s.Walls) == b.walls.Len() {
		return
	}
	s.Width = float64(b.match.Int(0, matchWidth))
	s.Height = float64(b.match.Int(0, matchHeight))
	b.speed = float64(b.match.Int(0, matchShotSpeed))
	s.Radius = Radius
	s.Walls = s.Walls[:0]
	for i := range b.walls.Len() {
		s.Walls = append(s.Walls, bot.Rect{
			X: float64(b.walls.Int(i, wallX)), Y: float64(b.walls.Int(i, wallY)),
			W: float64(b.walls.Int(i, wallW)), H: float64(b.walls.Int(i, wallH)),
		})
	}
}

// look reads what this tick is like.
func (b *brain) look(v *game.View) {
	s := &b.scene
	s.Tick, s.Alive = v.Tick, false
	s.Foes, s.Shots, s.Goals = s.Foes[:0], s.Shots[:0], s.Goals[:0]
	for i := range b.ships.Len() {
		ship := bot.Ship{
			ID: uint32(b.ships.ID(i)),
			X:  float64(b.ships.Int(i, shipX)), Y: float64(b.ships.Int(i, shipY)),
			Health: float64(b.ships.Int(i, shipHP)) / MaxHP,
			Shield: b.ships.Int(i, shipShield) != 0,
		}
		if b.ships.Owner(i) != v.Me {
			s.Foes = append(s.Foes, ship)
			continue
		}
		s.Alive, s.Me = true, ship
		s.Dash = b.ships.Int(i, shipDash) == 0
		s.Ammo = int(b.ships.Int(i, shipAmmo))
		s.ShotSpeed, s.Range, s.Rail = b.speed, b.speed*ShotTicks, b.ships.Int(i, shipRail) > 0
		if s.Rail { // there at once: nothing to lead
			s.ShotSpeed, s.Range = RailRange, RailRange
		}
	}
	if !s.Alive {
		return
	}
	b.lookAtShots(v)
	for i := range b.picks.Len() {
		s.Goals = append(s.Goals, bot.Goal{
			X: float64(b.picks.Int(i, pickX)), Y: float64(b.picks.Int(i, pickY)),
			Worth: worth(s, uint8(b.picks.Int(i, pickKind))),
		})
	}
}

// lookAtShots reads where the shots of others are by now.
func (b *brain) lookAtShots(v *game.View) {
	s := &b.scene
	for i := range b.shots.Len() {
		if b.shots.Owner(i) == v.Me {
			continue
		}
		aim := uint8(b.shots.Int(i, shotAim))
		age := v.Tick - min(v.Tick, uint32(b.shots.Int(i, shotBorn)))
		vx := b.speed * float64(Cos(aim)) / 16384
		vy := b.speed * float64(Sin(aim)) / 16384
		s.Shots = append(s.Shots, bot.Shot{
			ID: uint32(b.shots.ID(i)), Age: age, VX: vx, VY: vy,
			X: float64(b.shots.Int(i, shotX)) + vx*float64(age),
			Y: float64(b.shots.Int(i, shotY)) + vy*float64(age),
		})
	}
}

// worth is what a pickup is worth to the ship as it is.
func worth(s *bot.Scene, kind uint8) float64 {
	switch kind {
	case Health:
		hurt := 1 - s.Me.Health
		return 1.3 * hurt * hurt
	case Ammo:
		used := 1 - float64(s.Ammo)/MaxAmmo
		return used * used
	case Rail:
		if s.Rail {
			return 0
		}
		return 0.6
	default:
		return 0.7
	}
}
