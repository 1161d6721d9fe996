package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// fillers is how many lobbies are filled at once.
const fillers = 4

// fill signs in n players and seats them in lobbies of size, all through the
// public interface: guests, lobbies, passes, sockets, and, if the matches are to
// begin, a host who starts.
func fill(ctx context.Context, base, game string, n, size int, begin bool) ([]*client, error) {
	lobbies := make([][]*client, (n+size-1)/size)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fillers)
	for i := range lobbies {
		group.Go(func() (err error) {
			lobbies[i], err = fillLobby(ctx, base, game, min(size, n-i*size), i*size, begin)
			return err
		})
	}
	err := group.Wait()
	clients := slices.Concat(lobbies...)
	if err != nil {
		closeAll(clients)
		return nil, err
	}
	return clients, nil
}

func fillLobby(ctx context.Context, base, game string, size, first int, begin bool) ([]*client, error) {
	var members []*client
	lobby := ""
	for i := range size {
		path, body := "/v1/lobbies/"+lobby+"/join", map[string]any{}
		if lobby == "" {
			path, body = "/v1/lobbies", map[string]any{"game": game}
			if game == benchGame {
				body["settings"] = map[string]int64{"seconds": 900, "kills": 0}
			}
		}
		s, in, err := enter(ctx, base, "bench"+strconv.Itoa(first+i), path, body)
		if err != nil {
			return members, err
		}
		lobby = in
		members = append(members, &client{socket: s, player: &pilot{rand: rand.New(rand.NewPCG(uint64(first+i), 1))}})
	}
	if !begin {
		return members, nil
	}
	return members, members[0].send(wire.AppendStart(nil))
}

// enter signs a guest in, posts body to path, which makes or joins a lobby, and
// opens a socket in that lobby.
func enter(ctx context.Context, base, name, path string, body map[string]any) (s *socket, lobby string, err error) {
	var guest struct{ Token string }
	if err := post(ctx, base+"/v1/guests", "", map[string]any{"name": name}, &guest); err != nil {
		return nil, "", err
	}
	var joined struct {
		Lobby     struct{ ID string }
		URL, Pass string
	}
	if err := post(ctx, base+path, guest.Token, body, &joined); err != nil {
		return nil, "", err
	}
	if s, err = dialSocket(ctx, joined.URL, "sandlot.v1, bearer."+joined.Pass); err != nil {
		return nil, "", fmt.Errorf("open socket of %s: %w", name, err)
	}
	return s, joined.Lobby.ID, nil
}

// connections are kept for the requests of all fillers.
var connections = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: fillers, IdleConnTimeout: time.Second}}

func post(ctx context.Context, target, token string, body, answer any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := connections.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		var problem struct{ Code, Detail string }
		_ = json.NewDecoder(response.Body).Decode(&problem)
		return fmt.Errorf("%s answered %s: %s %s", target, response.Status, problem.Code, problem.Detail)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// pilot steers one ship: always moving and turning, never firing, so that every
// row of ships changes at every tick and none disappears. It acks each state.
type pilot struct {
	rand    *rand.Rand
	decoded wire.ServerMessage
	schema  *state.Schema
	tick    uint32
	next    wire.Input
	mirror  *state.Mirror // of the one client that counts what it sees; nil: not this one
	counts  bool
	rows    int // that it saw, added up over states
	states  int
}

func (p *pilot) message(payload []byte) (bool, error) {
	if err := wire.DecodeServer(payload, p.schema, &p.decoded); err != nil {
		return false, fmt.Errorf("decode message: %w", err)
	}
	switch p.decoded.Type {
	case wire.TypeWelcome:
		p.schema = p.decoded.Welcome.Schema
		p.next.Fields = make([]state.Value, len(p.schema.Input.Fields))
		if p.counts {
			p.mirror = state.NewMirror(p.schema.Tables)
		}
	case wire.TypeMatch:
		p.tick, p.next.Seq = 0, 0
	case wire.TypeState:
		if p.decoded.State.Keyframe {
			p.tick = p.decoded.State.Tick
		} else {
			p.tick += p.decoded.State.Tick
		}
		return true, p.look()
	}
	return false, nil
}

// look counts the ships in sight, by the one client that does.
func (p *pilot) look() error {
	if p.mirror == nil {
		return nil
	}
	if err := p.mirror.Apply(p.decoded.Body(), p.decoded.State.Keyframe); err != nil {
		return fmt.Errorf("apply state: %w", err)
	}
	p.rows += p.mirror.Table("ships").Len()
	p.states++
	return nil
}

// input appends the next input: a stick that wanders, an aim that turns.
func (p *pilot) input(dst []byte) []byte {
	if p.schema == nil {
		return dst
	}
	p.next.Seq++
	p.next.Ack = p.tick
	for i, field := range p.schema.Input.Fields {
		switch field.Name {
		case "moveX", "moveY":
			if p.rand.IntN(15) == 0 {
				p.next.Fields[i].Int = p.rand.Int64N(field.Max-field.Min+1) + field.Min
			}
		case "aim":
			p.next.Fields[i].Int = (p.next.Fields[i].Int + 3) & 255
		}
	}
	return wire.AppendInput(dst, &p.next, &p.schema.Input)
}
