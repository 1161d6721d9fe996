package arena

import "github.com/sandlot-server/sandlot/game"

// Input is what a player's hands do in one tick.
type Input struct {
	MoveX int8  `range:"-127..127"` // stick; a key is ±127. Longer than 127 together counts as 127.
	MoveY int8  `range:"-127..127"`
	Aim   uint8 // direction, 256 a turn
	Fire  bool  // held
	Dash  bool  `press:""` // pressed: a burst of speed along the stick, or along Aim
}

// Hit tells the shooter and the one hit.
type Hit struct {
	Shooter, Victim game.Player
	X, Y            int32 // of the impact
	Damage          uint8
}

// Railed tells everyone that a rail was fired, from where and how far it went.
type Railed struct {
	Shooter  game.Player
	X, Y     int32
	ToX, ToY int32
}

// Killed tells everyone that a ship was destroyed, and where.
type Killed struct {
	Killer, Victim game.Player // Killer is 0 if that player is gone
	X, Y           int32
	Points         uint16 // what the killer got for it
}

// Respawned tells everyone that a player's ship is there: at the start, after
// joining, after being destroyed.
type Respawned struct {
	Player game.Player
	X, Y   int32
}

// Picked tells everyone who took a pickup.
type Picked struct {
	Player game.Player
	Kind   uint8
	X, Y   int32
}

// Settings are what a lobby's host may choose.
type Settings struct {
	Seconds int `range:"30..900" default:"180"` // length of the round
	Kills   int `range:"0..100" default:"20"`   // who has so many ends the round; 0 is no limit
	Map     int `range:"0..3" default:"0"`      // which map; 0 lets chance choose
}
