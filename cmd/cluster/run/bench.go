package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cluster"
)

type benchVerb struct {
	Program   string        `default:"${sandlot}" help:"The sandlot binary."`
	Bots      int           `default:"900" help:"Players, a tenth of them chat-only members who come and go."`
	Time      time.Duration `default:"90s" help:"How long each of the two runs takes, from when all are in."`
	Ramp      time.Duration `default:"20s" help:"Over how long bots come."`
	Down      time.Duration `default:"5s" help:"How long a killed instance stays away."`
	Chat      time.Duration `default:"5s" help:"Each player says something this often."`
	Advertise bool          `help:"Players are sent to the instance of their lobby, instead of being passed through to it."`
	Only      string        `enum:"both,three,one" default:"both" help:"Which runs: both, three or one."`
}

// Run makes both runs and prints the table.
func (v *benchVerb) Run(p *program) error {
	if v.Bots < 10 || v.Bots > 10_000 || v.Time < 15*time.Second {
		return errors.New("--bots must be from 10 to 10000 and --time at least 15s")
	}
	var runs []*result
	for _, kind := range []struct {
		name      string
		instances int
	}{{"three", 3}, {"one", 1}} {
		if v.Only != "both" && v.Only != kind.name {
			continue
		}
		r, err := v.run(p, kind.instances)
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	return table(p.out, v, runs)
}

// run is one run: a third of the time in peace, then an instance is killed, and
// after the second third Redis.
func (v *benchVerb) run(p *program, instances int) (r *result, err error) {
	c, err := cluster.Start(cluster.Options{
		Program: v.Program, Instances: instances, Alone: instances == 1, Advertise: v.Advertise, Listen: "127.0.0.1:0",
		// All bots come from one address.
		Flags: []string{"--limits-sockets-per-address", "100000", "--limits-handshake-rate", "10000", "--limits-handshake-burst", "10000",
			"--limits-request-rate", "0", "--lobby-creates", "100000", "--lobby-per-player", "100", "--log-level", "warn"},
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	r = &result{instances: instances, began: time.Now(), rooms: newRooms()}
	crowd := newCrowd(v, c.URL, r)
	say := func(format string, args ...any) {
		fmt.Fprintf(p.out, "%5.1f s  %d of %d online  "+format+"\n", append([]any{time.Since(r.began).Seconds(), crowd.online.Load(), v.Bots}, args...)...)
	}
	fmt.Fprintf(p.out, "\n%d bots on %s behind nginx\n", v.Bots, many(instances))
	crowd.come(ctx)
	say("all have come")
	third := v.Time / 3
	steps := []struct {
		wait time.Duration
		do   func() error
	}{
		{third, func() error {
			victim := c.Instances[len(c.Instances)-1]
			r.mark(&r.killed)
			victim.Kill()
			say("%s was killed", victim.Name)
			return nil
		}},
		{v.Down, func() error {
			say("it comes back")
			return c.Instances[len(c.Instances)-1].Start()
		}},
		{third - v.Down, func() error {
			if instances == 1 {
				return nil
			}
			r.mark(&r.restarted)
			c.KillRedis()
			say("Redis was killed, and comes back empty")
			return c.StartRedis()
		}},
		{third, func() error {
			r.end = time.Now()
			r.atEnd = int(crowd.online.Load())
			say("the end")
			return nil
		}},
	}
	for _, s := range steps {
		timer := time.NewTimer(s.wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		case <-timer.C:
		}
		if err := s.do(); err != nil {
			return nil, err
		}
	}
	cancel()
	crowd.all.Wait()
	r.close()
	return r, nil
}

// many is n instances in words.
func many(n int) string {
	if n == 1 {
		return "one instance"
	}
	return fmt.Sprintf("%d instances", n)
}
