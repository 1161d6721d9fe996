package client_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// Who was sent to an instance that is no more asks the site again, which says that
// the match is lost.
func TestAsksTheSiteWhenAnInstanceIsGone(t *testing.T) {
	w := &world{}
	w.dial = func(n int, _ dial.Options) (client.Socket, error) {
		switch n {
		case 0:
			return newSocket().ends(4001, "moved;url=ws://b.example/v1/ws?lobby=L"), nil
		case 1:
			return newSocket(welcome("r1", 3)).ends(1006, ""), nil
		case 2:
			return nil, errNetwork
		case 3:
			return nil, &dial.Refused{Status: http.StatusBadGateway} // a proxy's
		}
		return nil, &dial.Refused{Status: http.StatusNotFound, Code: "match_lost"}
	}
	var refused *dial.Refused
	if err := run(t, w, nil); !errors.Is(err, client.ErrMatchLost) || !errors.As(err, &refused) {
		t.Errorf("ended with %v", err)
	}
	wantLog(t, w, `
		POST /v1/guests 
		POST /v1/quickplay Bearer token
		0s ws://home/v1/ws?lobby=L pass
		0s ws://b.example/v1/ws?lobby=L pass
		500ms ws://b.example/v1/ws?lobby=L&seen=3 r1
		1.5s ws://b.example/v1/ws?lobby=L&seen=3 r1
		3.5s ws://home/v1/ws?lobby=L&seen=3 r1`)
}
