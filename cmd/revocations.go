package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
)

const (
	revoked = "revoked" // the bus's channel and the store's kind
	// revokedLook is how often the store is asked for what the bus did not bring,
	// and told what it forgot: a revocation holds everywhere within 5 s.
	revokedLook = 2 * time.Second
	// revokedTTL is how long the store keeps one after the last instance said it.
	revokedTTL = time.Hour
	// revokedChase is how long sessions of a revoked player are looked for: one
	// may have been let in at the very moment.
	revokedChase = 10 * time.Second
)

// revocation is what the operator decided of a player. Of two about one player
// the later counts, wherever it was made; one that lifts another is one that has
// ended.
type revocation struct {
	Player  string    `json:"player"`
	At      time.Time `json:"at"`
	Until   time.Time `json:"until"`
	Renewed bool      `json:"renewed"` // tokens issued after At are good
}

func (r revocation) stands(now time.Time) bool { return r.Until.After(now) }

// reason is what sessions are closed with.
func (r revocation) reason() session.Reason {
	if r.Renewed {
		return session.Expired
	}
	return session.Refused
}

// revocations keeps the operator's decisions the same on all instances: each is
// said over the bus at once, and kept in the store, which every instance reads and
// repairs. Alone, they are kept in a file.
type revocations struct {
	auth *auth.Auth
	end  func(player string, r session.Reason, detail string) int
	bus  bus.Bus   // nil: alone
	st   bus.Store // nil: alone
	file string    // of one that is alone
	log  *slog.Logger

	saving  sync.Mutex  // held while the file is written
	unsaved atomic.Bool // the file is behind: there was no room for it

	mu  sync.Mutex
	all map[string]revocation
}

// add decides r here and everywhere, and says what came of it.
func (v *revocations) add(ctx context.Context, r revocation) revokeAnswer {
	r = v.after(r)
	out := revokeAnswer{revocation: r, Sessions: v.merge(r)}
	if v.bus == nil {
		if err := v.save(); err != nil {
			out.Warning = fmt.Sprintf("it holds, but is not kept yet: a restart would forget it. %v", err)
		}
		return out
	}
	// What fails here is made good by the next look.
	b := r.encode()
	if err := v.bus.Publish(ctx, revoked, b); err != nil {
		v.log.Warn("a revocation is not said over the bus yet", "player", r.Player, "err", err)
	}
	if err := v.st.Put(ctx, revoked, []bus.Lease{r.lease()}, revokedTTL); err != nil {
		v.log.Warn("a revocation is not in the store yet", "player", r.Player, "err", err)
	}
	return out
}

// after makes r later than what is known of its player, which a clock that was set
// back would have it not be: what the operator says now counts.
func (v *revocations) after(r revocation) revocation {
	v.mu.Lock()
	defer v.mu.Unlock()
	if have, is := v.all[r.Player]; is && !r.At.After(have.At) {
		r.At = have.At.Add(time.Nanosecond)
	}
	return r
}

func (r revocation) encode() []byte {
	b, err := json.Marshal(r)
	if err != nil { // text, times and a bool
		panic(err)
	}
	return b
}

func (r revocation) lease() bus.Lease {
	sum := sha256.Sum256([]byte(r.Player))
	return bus.Lease{ID: hex.EncodeToString(sum[:12]), Value: r.encode()}
}

// merge takes r over unless something later is known, and ends the player's
// sessions here.
func (v *revocations) merge(r revocation) (ended int) {
	v.mu.Lock()
	if have, is := v.all[r.Player]; is && !r.At.After(have.At) {
		v.mu.Unlock()
		return 0
	}
	v.all[r.Player] = r
	to := auth.Revocation{Player: r.Player, Until: r.Until}
	if r.Renewed {
		to.Issued = r.At
	}
	v.auth.Revoke(to)
	v.mu.Unlock()
	if !r.stands(time.Now()) {
		return 0
	}
	ended = v.end(r.Player, r.reason(), revoked)
	v.log.Info("a player is revoked", "player", r.Player, "until", r.Until, "renewed", r.Renewed, "sessions", ended)
	return ended
}

// list is what stands.
func (v *revocations) list() (list []revocation) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := time.Now()
	for _, r := range v.all {
		if r.stands(now) {
			list = append(list, r)
		}
	}
	return list
}

// run spreads and repairs until ctx is done.
func (v *revocations) run(ctx context.Context) error {
	again := make(chan struct{}, 1)
	if v.bus != nil {
		sub := v.bus.Subscribe(revoked, bus.Handler{
			Message: func(b []byte) { v.heard(b) },
			Gap: func() {
				select {
				case again <- struct{}{}:
				default: // it looks already
				}
			},
		})
		defer sub.Close()
	}
	tick := time.NewTicker(revokedLook)
	defer tick.Stop()
	for {
		v.look(ctx)
		v.chase()
		select {
		case <-ctx.Done():
			return nil
		case <-again:
		case <-tick.C:
		}
	}
}

func (v *revocations) heard(b []byte) {
	var r revocation
	if err := json.Unmarshal(b, &r); err != nil || r.Player == "" {
		v.log.Warn("a revocation of another instance cannot be read", "err", err)
		return
	}
	v.merge(r)
}

// look reads the store, and writes what it does not have.
func (v *revocations) look(ctx context.Context) {
	v.forget()
	if v.st == nil {
		if v.unsaved.Load() {
			_ = v.save() // said already
		}
		return
	}
	ctx, cancel := context.WithTimeout(ctx, revokedLook/2)
	defer cancel()
	leases, err := v.st.List(ctx, revoked)
	if err != nil {
		return // readiness says that the store is away
	}
	for _, l := range leases {
		v.heard(l.Value)
	}
	v.mu.Lock()
	mine := make([]bus.Lease, 0, len(v.all))
	for _, r := range v.all {
		mine = append(mine, r.lease())
	}
	v.mu.Unlock()
	if len(mine) == 0 {
		return
	}
	if err := v.st.Put(ctx, revoked, mine, revokedTTL); err != nil {
		v.log.Debug("revocations are not in the store yet", "err", err)
	}
}

// chase ends sessions that were let in while their player was being revoked.
func (v *revocations) chase() {
	now := time.Now()
	for _, r := range v.list() {
		if now.Sub(r.At) < revokedChase && !r.Renewed {
			v.end(r.Player, r.reason(), revoked)
		}
	}
}

// forget drops what ended so long ago that no store holds it.
func (v *revocations) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for player, r := range v.all {
		if time.Since(r.Until) > 2*revokedTTL && time.Since(r.At) > 2*revokedTTL {
			delete(v.all, player)
		}
	}
}
