package cmd_test

import (
	"context"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Signed-in time goes on by tokens that the client gets in time. The server says again
// that it ends only when the end was moved.
func TestSignedInTimeGoesOn(t *testing.T) {
	t.Parallel()
	s := cmdtest.Start(t, nil)
	keys, err := auth.New(auth.Config{Keys: []auth.Key{{Secret: []byte(cmdtest.Secret)}}})
	if err != nil {
		t.Fatal(err)
	}
	token := func() string {
		text, _, err := keys.Issue(auth.Identity{ID: "ann", Name: "Ann"}, 16*time.Second)
		if err != nil {
			t.Error(err)
		}
		return text
	}
	renewed := make(chan struct{}, 64)
	c, said := watch(t, client.Options{
		URL: s.URL, Token: token(), Create: &client.CreateOptions{Game: "fours"},
		Renew: func(context.Context) (string, error) {
			renewed <- struct{}{}
			return token(), nil
		},
	}, func(m *wire.ServerMessage) (wire.Error, bool) { return m.Error, m.Type == wire.TypeError })
	for range 2 {
		wait(t, "another token", renewed, func(struct{}) bool { return true })
	}
	if st := c.Stats(); st.Reconnects != 0 || c.Err() != nil {
		t.Errorf("%d reconnects after %v, %v", st.Reconnects, st.LastError, c.Err())
	}
	for len(said) > 0 {
		if e := <-said; e.Code != "expiring" {
			t.Errorf("the server said %v", e)
		}
	}
}

// A guest's next token is of the same player; with a bad one somebody new comes.
func TestGuestsStayTheSame(t *testing.T) {
	s := cmdtest.Start(t, nil)
	api := client.API{URL: s.URL, HTTP: cmdtest.HTTP(t)}
	first, err := api.Guest(t.Context(), "Ann")
	if err != nil {
		t.Fatal(err)
	}
	api.Token = first.Token
	again, err := api.Guest(t.Context(), "Anna")
	if err != nil || again.Player.ID != first.Player.ID || again.Player.Name != "Anna" {
		t.Errorf("renewed: %+v, %v", again, err)
	}
	api.Token = "rubbish"
	other, err := api.Guest(t.Context(), "Ann")
	if err != nil || other.Player.ID == first.Player.ID {
		t.Errorf("with rubbish: %+v, %v", other, err)
	}
}
