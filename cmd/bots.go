package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/net/sim"
)

type botsVerb struct {
	URL       []string      `default:"http://localhost:7777" help:"The server; several instances of one, with commas: the bots are spread over them."`
	Count     int           `default:"50" help:"How many bots."`
	Game      string        `default:"arena" help:"What they play. This binary must have the game too: its brains play."`
	Duration  time.Duration `default:"30s" help:"How long they play, counted from when all are in."`
	Lobby     string        `help:"Join this lobby, by id or code, instead of making lobbies of the game's size." placeholder:"CODE"`
	QuickPlay bool          `help:"Each bot takes whatever quick play gives it, instead of lobbies of bots alone."`
	Queue     string        `help:"Each bot looks for matches of this mode by tickets, one after the other." placeholder:"MODE"`
	Seed      uint64        `help:"Chance of the brains; 0 takes a new one."`
	Net       sim.Link      `help:"Play over a bad network, made here: ping, jitter, loss, rate; see below." placeholder:"150ms±30ms,1%"`
	Drop      time.Duration `help:"Cut all connections at once, so long after all bots are in, and report how they come back."`
	JSON      bool          `name:"json" help:"Print one object instead of the table, and no progress."`
}

// Help documents the object that --json prints.
func (botsVerb) Help() string {
	return `The bots sign in as guests, are spread over lobbies of the game's most players,
and play through the same sockets as people. The exit code is 1 if there was
any error or not all of them got in.

--net puts each bot's socket behind a network of that kind, each with chance of
its own from the seed. Its parts, in any order, with commas between:

  150ms or 150ms±30ms       round trip and jitter ("+-" will do for "±")
  1%                        packets lost each way; each is a stall, as with TCP
  64KB/s                    rate each way: B, KB, MB, kbit, Mbit
  outage=5s/1m              nothing passes for 5 s, about once a minute
  cut=30s                   the connection breaks after about 30 s
  hang=30s                  nothing passes after about 30 s, and nobody is told

Connections that such a network or --drop breaks count as reconnects and not as
errors.

Keys of the object that --json prints:

  url, game, seconds        what was played where (several with commas), and for how long
  net                       --net; "" without
  wanted, connected         bots asked for, and those that got in
  tickets                   only with --queue: {matched, lost, expired, open, asks,
                            waitMs: {p50, p95, max}, spreadPoints: {p50, p95, max},
                            favourite: {p50, p95, max}}; lost are those that the
                            server no longer knew, open still waited at the end
                            and were taken back, asks were repeated because an
                            instance could not answer. The spread is between the
                            highest and the lowest rating of a match, favourite
                            the chance that its strongest side (a team, else a
                            player) beats its weakest one: 0.5 is fair
  lobbies, matches          lobbies they were in, and matches that began in them
  framesIn, framesOut       WebSocket messages, all bots together
  bytesIn, bytesOut         their bytes with WebSocket headers
  bytesInPerClientPerSecond, bytesOutPerClientPerSecond
  states, keyframes         state messages, and how many of them were whole
  snapshotIntervalMs        {p50, p99} between state messages
  latencyMs                 {p50, p99} from sending an input (in a game without
                            inputs: a command) to the first state that has it
  pingMs                    {p50, p99} round trips
  slippedTicks              what the server said it lost to overload, the most
                            that any one bot was told
  reconnects                connections that broke and were made again
  comeBackMs                after --drop, else null: {count, p50, p99, last,
                            mostIn100Ms, per250Ms}: how many came back, when, how
                            many at a time, and how many in each quarter of a
                            second, the first ones first
  errors                    how many; 0 is a pass
  errorSamples              up to ten different ones, with how often each came`
}

// Run plays and reports.
func (v *botsVerb) Run(p *program) error {
	def, ok := game.Lookup(v.Game)
	if !ok {
		return fmt.Errorf("this binary has no game %q; it has %s", v.Game, gameList())
	}
	if !def.HasBots() {
		return fmt.Errorf("the game %q has no bots", v.Game)
	}
	if _, ok := def.Mode(v.Queue); !ok {
		return fmt.Errorf("the game %q has no mode %q", v.Game, v.Queue)
	}
	if len(v.URL) == 0 {
		return fmt.Errorf("--url must name a server")
	}
	if v.Count < 1 || v.Count > 100_000 {
		return fmt.Errorf("--count must be from 1 to 100000")
	}
	if v.Duration <= 0 {
		return fmt.Errorf("--duration must be above 0, not %s", v.Duration)
	}
	if v.Drop < 0 || v.Drop >= v.Duration {
		return fmt.Errorf("--drop %s is not within --duration %s: nothing would be cut", v.Drop, v.Duration)
	}
	if v.Queue != "" && (v.Lobby != "" || v.QuickPlay) || v.Lobby != "" && v.QuickPlay {
		return fmt.Errorf("one of --lobby, --quick-play and --queue says where bots play, not more")
	}
	c := newCrowd(v, def)
	progress := func(string) {}
	if !v.JSON {
		progress = progressLine(p.out)
	}
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	r, err := c.play(ctx, progress)
	if err != nil {
		return err
	}
	if v.JSON {
		e := json.NewEncoder(p.out)
		e.SetIndent("", "  ")
		if err := e.Encode(r); err != nil {
			return err
		}
	} else if err := r.write(p.out); err != nil {
		return err
	}
	if r.Errors > 0 || r.Connected < r.Wanted || r.Tickets != nil && r.Tickets.Lost > 0 {
		return errSaid
	}
	return nil
}

func gameList() string {
	text := ""
	for i, d := range game.All() {
		if i > 0 {
			text += ", "
		}
		text += d.Name
	}
	if text == "" {
		return "none"
	}
	return text
}

// isTerminal says whether w shows text to somebody.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
