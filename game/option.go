package game

import "io/fs"

// Option states something about a game at Register.
type Option func(*Definition)

// Rate sets the ticks a second, 1 to 120. Without it a game runs at 20.
func Rate(hz int) Option { return func(d *Definition) { d.Rate = hz } }

// Players sets how few may start a match and how many may be in it, 1 to 1,000.
// Without it a game takes 1 to 8.
func Players(min, max int) Option {
	return func(d *Definition) { d.MinPlayers, d.MaxPlayers = min, max }
}

// Title sets the name that people read, at most 48 bytes. Without it that is
// the registered name.
func Title(title string) Option { return func(d *Definition) { d.Title = title } }

// Input sets the type of what players hold down or steer with: a struct, given
// as any value of it. Its integers take the tag `range:"-1..1"`, its strings
// `max:"24"`; bools tagged `press:""` are things that happen once, like a jump.
func Input(zero any) Option { return func(d *Definition) { d.inputs = append(d.inputs, zero) } }

// Commands adds types of commands, which are discrete and reliable: structs with
// tags as for Input, each given as any value of it. A command is called by its
// type's name.
func Commands(zero ...any) Option {
	return func(d *Definition) { d.commandTypes = append(d.commandTypes, zero...) }
}

// Events adds types of events that the game sends with Send and Broadcast:
// structs with tags as for Input, each given as any value of it.
func Events(zero ...any) Option {
	return func(d *Definition) { d.eventTypes = append(d.eventTypes, zero...) }
}

// Budget bounds the state messages of each client to so many bytes, 64 to
// 65,536, for games in which more may be in sight than should be sent each tick.
// What does not fit waits, the nearest of [Viewer.Around] and a player's own rows
// the least, and each client's tables are of several ticks at once: every row is
// as it was at one tick, soon the newest. The first state of a client is whole.
// While all fits a budget costs nothing. Without one there is no bound.
func Budget(bytes int) Option {
	return func(d *Definition) { d.Budget, d.budgeted = bytes, true }
}

// LateJoin lets players enter a match that has begun.
func LateJoin() Option { return func(d *Definition) { d.LateJoin = true } }

// Teams splits players into n teams, 2 to 16, numbered from 1.
func Teams(n int) Option { return func(d *Definition) { d.Teams, d.teamed = n, true } }

// Bots lets seats be filled by bots. NewBrain returns a fresh Brain that draws
// its chance from seed alone.
func Bots(newBrain func(seed uint64) Brain) Option {
	return func(d *Definition) { d.newBrain, d.botted = newBrain, true }
}

// Web gives the game a page, served at /games/NAME/. Its root holds index.html;
// an embedded folder needs fs.Sub.
func Web(files fs.FS) Option { return func(d *Definition) { d.Web, d.webbed = files, true } }
