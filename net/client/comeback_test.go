package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// run runs a client in a world with a false clock, to its end.
func run(t *testing.T, w *world, change func(*client.Options)) (err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := w.options()
		if change != nil {
			change(&o)
		}
		err = client.New(o).Run(context.Background())
	})
	return err
}

func wantLog(t *testing.T, w *world, want string) {
	t.Helper()
	if got := w.notes(); got != strings.TrimSpace(strings.ReplaceAll(want, "\t", "")) {
		t.Errorf("what happened:\n%s\nwanted:%s", got, want)
	}
}

func TestBacksOffAndGivesUp(t *testing.T) {
	w := &world{dial: func(int, dial.Options) (client.Socket, error) { return nil, errNetwork }}
	err := run(t, w, func(o *client.Options) {
		o.Backoff = client.Backoff{First: time.Second, Most: 5 * time.Second, Attempts: 6}
	})
	if !errors.Is(err, errNetwork) {
		t.Errorf("ended with %v", err)
	}
	wantLog(t, w, `
		POST /v1/guests 
		POST /v1/quickplay Bearer token
		0s ws://home/v1/ws?lobby=L pass
		POST /v1/lobbies/L/join Bearer token
		1s ws://home/v1/ws?lobby=L pass
		POST /v1/lobbies/L/join Bearer token
		3s ws://home/v1/ws?lobby=L pass
		POST /v1/lobbies/L/join Bearer token
		7s ws://home/v1/ws?lobby=L pass
		POST /v1/lobbies/L/join Bearer token
		12s ws://home/v1/ws?lobby=L pass
		POST /v1/lobbies/L/join Bearer token
		17s ws://home/v1/ws?lobby=L pass`)
}

func TestResumesWithTokenAndCount(t *testing.T) {
	w := &world{}
	w.dial = func(n int, _ dial.Options) (client.Socket, error) {
		switch n {
		case 0: // two counted messages, and a state and a pong that are not
			return newSocket(welcome("r1", 40), running(), stateFrame(true, 9, 0, 1, 5), running()).ends(1006, ""), nil
		case 1:
			return newSocket(welcome("r2", 42)).ends(1001, "restart;after=5"), nil
		case 2:
			return newSocket(welcome("r3", 42), running()).ends(4008, "slow"), nil
		}
		return newSocket(welcome("r4", 43)).ends(4501, "kicked"), nil
	}
	var ending *client.Ending
	if err := run(t, w, nil); !errors.As(err, &ending) || ending.Code != 4501 || ending.Word != "kicked" {
		t.Errorf("ended with %v", err)
	}
	wantLog(t, w, `
		POST /v1/guests 
		POST /v1/quickplay Bearer token
		0s ws://home/v1/ws?lobby=L pass
		500ms ws://home/v1/ws?lobby=L&seen=42 r1
		6.5s ws://home/v1/ws?lobby=L&seen=42 r2
		8.5s ws://home/v1/ws?lobby=L&seen=43 r3`)
}

func TestFollowsMoves(t *testing.T) {
	w := &world{}
	w.dial = func(n int, o dial.Options) (client.Socket, error) {
		switch n {
		case 0: // before a welcome: the pass is not spent
			return newSocket().ends(4001, "moved;url=wss://b.example/v1/ws?lobby=L;x=1"), nil
		case 1:
			return nil, fmt.Errorf("upgrade: %w", &dial.Refused{Status: http.StatusMisdirectedRequest, Location: "wss://c.example/v1/ws"})
		case 2:
			return newSocket(welcome("r1", 7)).ends(4001, "moved;url=wss://d.example/v1/ws"), nil
		}
		return newSocket().ends(1000, "bye"), nil
	}
	if err := run(t, w, nil); err != nil {
		t.Errorf("ended with %v", err)
	}
	wantLog(t, w, `
		POST /v1/guests 
		POST /v1/quickplay Bearer token
		0s ws://home/v1/ws?lobby=L pass
		0s wss://b.example/v1/ws?lobby=L;x=1 pass
		0s wss://c.example/v1/ws pass
		0s wss://d.example/v1/ws?seen=7 r1`)
}

func TestMovesInACircleBackOff(t *testing.T) {
	w := &world{dial: func(int, dial.Options) (client.Socket, error) {
		return newSocket().ends(4001, "moved;url=ws://home/v1/ws"), nil
	}}
	if err := run(t, w, func(o *client.Options) { o.Backoff.Attempts = 2 }); err == nil {
		t.Error("it ended well")
	}
	if w.dials != 7 {
		t.Errorf("%d dials", w.dials)
	}
}

func TestRefusedResumeJoinsAnew(t *testing.T) {
	w := &world{}
	w.dial = func(n int, _ dial.Options) (client.Socket, error) {
		switch n {
		case 0:
			return newSocket(welcome("r1", 0)).ends(1006, ""), nil
		case 1:
			return nil, &dial.Refused{Status: http.StatusUnauthorized, Code: "seat_gone"}
		case 2:
			return newSocket(welcome("r2", 0)).ends(4502, "closed"), nil
		}
		return nil, errNetwork
	}
	var ending *client.Ending
	if err := run(t, w, nil); !errors.As(err, &ending) || ending.Code != 4502 {
		t.Errorf("ended with %v", err)
	}
	wantLog(t, w, `
		POST /v1/guests 
		POST /v1/quickplay Bearer token
		0s ws://home/v1/ws?lobby=L pass
		500ms ws://home/v1/ws?lobby=L&seen=0 r1
		POST /v1/lobbies/L/join Bearer token
		1.5s ws://home/v1/ws?lobby=L pass`)
}

func TestRefusedTwiceEnds(t *testing.T) {
	w := &world{dial: func(int, dial.Options) (client.Socket, error) {
		return nil, &dial.Refused{Status: http.StatusForbidden, Code: "banned"}
	}}
	var refused *dial.Refused
	if err := run(t, w, nil); !errors.As(err, &refused) || w.dials != 2 {
		t.Errorf("ended with %v after %d dials", err, w.dials)
	}
}

func TestExpiredComesBackWithANewToken(t *testing.T) {
	w := &world{}
	w.dial = func(n int, _ dial.Options) (client.Socket, error) {
		if n == 0 {
			return newSocket(welcome("r1", 0)).ends(4010, "expired"), nil
		}
		return newSocket(welcome("r2", 0)).ends(1000, "bye"), nil
	}
	err := run(t, w, func(o *client.Options) {
		o.Token = "old"
		o.Renew = func(context.Context) (string, error) { return "new", nil }
	})
	if err != nil {
		t.Errorf("ended with %v", err)
	}
	wantLog(t, w, `
		POST /v1/quickplay Bearer old
		0s ws://home/v1/ws?lobby=L pass
		POST /v1/lobbies/L/join Bearer new
		500ms ws://home/v1/ws?lobby=L pass`)
}

func TestExpiredWithoutANewTokenEnds(t *testing.T) {
	w := &world{dial: func(int, dial.Options) (client.Socket, error) {
		return newSocket(welcome("r1", 0)).ends(4010, "expired"), nil
	}}
	var ending *client.Ending
	err := run(t, w, func(o *client.Options) { o.Token = "old" })
	if !errors.As(err, &ending) || ending.Code != 4010 || w.dials != 1 {
		t.Errorf("ended with %v after %d dials", err, w.dials)
	}
}

func TestHTTPAnswers(t *testing.T) {
	w := &world{dial: func(int, dial.Options) (client.Socket, error) {
		return newSocket(welcome("", 0)).ends(1000, "bye"), nil
	}}
	calls := 0
	w.http = func(path string, _ map[string]any) (int, any) {
		if calls++; calls == 2 {
			return http.StatusServiceUnavailable, map[string]any{"code": "full"}
		}
		return http.StatusOK, nil
	}
	if err := run(t, w, nil); err != nil {
		t.Errorf("ended with %v", err)
	}
	wantLog(t, w, `
		POST /v1/guests 
		POST /v1/quickplay Bearer token
		POST /v1/quickplay Bearer token
		3.5s ws://home/v1/ws?lobby=L pass`)

	w = &world{http: func(string, map[string]any) (int, any) {
		return http.StatusNotFound, map[string]any{"code": "no_game", "detail": "there is no game of that name"}
	}}
	var problem *client.Problem
	if err := run(t, w, nil); !errors.As(err, &problem) || problem.Code != "no_game" || problem.Status != 404 {
		t.Errorf("ended with %v", err)
	}
	if err := run(t, &world{}, func(o *client.Options) { o.Game = "" }); err == nil {
		t.Error("went nowhere")
	}
}
