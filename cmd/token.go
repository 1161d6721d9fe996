package cmd

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/sandlot-server/sandlot/net/auth"
)

type tokenVerb struct {
	Name string        `required:"" help:"The player's name."`
	ID   string        `help:"Who it is, to be the same player again. Without it somebody new."`
	TTL  time.Duration `name:"ttl" default:"1h" help:"How long the token is good for; at most auth.lifetime."`
	Load bool          `help:"For load tests: no limits by address or player."`
	configured
}

// Run prints a token that is signed with the configured key.
func (v *tokenVerb) Run(p *program) error {
	c, _, err := v.load(p)
	if err != nil {
		return err
	}
	if v.TTL < time.Second {
		return fmt.Errorf("--ttl %s is too short: at least 1s", v.TTL)
	}
	if v.TTL > c.Auth.Lifetime {
		return fmt.Errorf("--ttl is longer than auth.lifetime, which is %s", shortTime(c.Auth.Lifetime))
	}
	a, _, err := c.newAuth(c.newLog(p.err))
	if err != nil {
		return err
	}
	id := v.ID
	if id == "" {
		id = "dev-" + uuid.NewString()
	}
	token, _, err := a.Issue(auth.Identity{ID: id, Name: v.Name, Load: v.Load}, v.TTL)
	if errors.Is(err, auth.ErrIncomplete) {
		return fmt.Errorf("--id %q names no player: 1 to 128 bytes that can be seen, without spaces", id)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, token)
	return err
}
