package arena

// Ship is one living ship; its owner flies it.
type Ship struct {
	X, Y   int32 `sync:"step=64,lerp,predict"` // centre; sent in quarters of a unit, its owner gets it exactly
	Aim    uint8 `sync:"lerp=angle"`           // where it points, 256 a turn
	HP     uint8 `sync:""`                     // 1..MaxHP
	Shield bool  `sync:""`                     // takes no damage: just spawned
	Rapid  bool  `sync:""`                     // fires fast and for free
	VX, VY int32 `sync:"predict"`              // a tick; at most DashSpeed long
	Dash   uint8 `sync:"predict"`              // ticks until it can dash again
	Ammo   uint8 `sync:"owner"`                // shots left, 0..MaxAmmo
	Rail   uint8 `sync:"owner"`                // rails left: fired instead of shots

	Cool       uint8  // ticks until it can fire again
	Load       uint8  // ticks until one more shot is loaded
	ShieldLeft uint16 // ticks of Shield left
	RapidLeft  uint16 // ticks of Rapid left
}

// Shot is one shot in flight, synced as it was fired and never changed.
type Shot struct {
	X, Y int32  `sync:""` // where it was fired
	Aim  uint8  `sync:""` // its direction
	Born uint32 `sync:""` // the tick it was fired
}

// Pickup lies on a pad until a ship flies over it.
type Pickup struct {
	X, Y int32 `sync:""`
	Kind uint8 `sync:""` // Health, Ammo, Rapid or Rail
	Pad  uint8 // index of its pad on the map
}

// The kinds of pickups.
const (
	Health uint8 = iota // + HealthGain
	Ammo                // all of MaxAmmo
	Rapid               // RapidTicks of fast, free fire, and all of MaxAmmo
	Rail                // the next RailCharges hit at once
)

// Wall is a solid rectangle: ships slide along it, shots end at it.
type Wall struct {
	X, Y int32 `sync:""` // the corner with the least coordinates
	W, H int32 `sync:""`
}

// Score is how one player is doing; its owner is that player.
type Score struct {
	Kills     uint16 `sync:""`
	Deaths    uint16 `sync:""`
	Score     uint16 `sync:""` // points: KillPoints a kill, and BountyPoints for ending a streak
	Streak    uint16 `sync:""` // kills since the last death
	RespawnAt uint32 `sync:""` // tick at which its ship comes back, 0 while it lives
}
