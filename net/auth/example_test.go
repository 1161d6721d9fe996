package auth_test

import (
	"errors"
	"fmt"

	"github.com/sandlot-server/sandlot/net/auth"
)

func Example() {
	a, err := auth.New(auth.Config{
		Keys:   []auth.Key{{Secret: []byte("32 bytes or more, from a file...")}},
		Guests: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, _, _ := a.Guest("  Ann ", 0)
	who, err := a.Verify(token)
	fmt.Println(who.Name, err)

	// A player's token opens no socket: that takes a pass, once.
	_, err = a.VerifyPass(token)
	fmt.Println(errors.Is(err, auth.ErrWrongAudience))
	pass, _, _ := a.IssuePass(auth.Pass{Player: who.ID, Lobby: "L", Home: "instance", Boot: "1"})
	p, _ := a.VerifyPass(pass)
	fmt.Println(a.SpendPass(p), errors.Is(a.SpendPass(p), auth.ErrSpent))
	// Output:
	// Ann <nil>
	// true
	// <nil> true
}
