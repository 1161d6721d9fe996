package hostile

import (
	"fmt"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/wire"
)

// Signed-in time that ends during play: told, then closed, unless it is renewed over
// the socket.
func TestExpiryDuringPlay(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	lobby := s.lobby(t, s.guest(t, "host"), "traps", nil).Lobby.ID
	token := func(player string, lasts time.Duration) string {
		return signed(t, jwt.SigningMethodHS256, nil, nil, claims(jwt.MapClaims{"sub": player, "exp": time.Now().Add(lasts).Unix()}))
	}
	enter := func(player string) *socket {
		t.Helper()
		so := upgrade(t, s.addr, "?lobby="+lobby, bearer(token(player, 3*time.Second)))
		if _, err := so.message(wire.TypeWelcome); err != nil {
			t.Fatal(err)
		}
		return so
	}
	refusal := func(so *socket) string {
		m, err := so.message(wire.TypeError)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s about %d", m.Error.Code, m.Error.About)
	}
	idle, renewed := enter("idle"), enter("renewed")
	check(t, "expiry", "signed-in time that ends soon", "expiring about 14", refusal(idle))
	check(t, "expiry", "another's, told as well", "expiring about 14", refusal(renewed))
	say := func(token string) { _ = renewed.say(wire.AppendRenew(nil, wire.Renew{Token: token})) }
	say(token("idle", time.Hour))
	check(t, "expiry", "renewed with another player's token", "unauthorized about 14", refusal(renewed))
	say(token("renewed", -time.Hour))
	check(t, "expiry", "renewed with an expired token", "expired about 14", refusal(renewed))
	say("rubbish")
	check(t, "expiry", "renewed with rubbish", "malformed about 14", refusal(renewed))
	say(token("renewed", time.Hour))
	check(t, "expiry", "what is not renewed", "4010 expired", idle.end())
	over := time.NewTimer(2 * time.Second) // beyond its first end
	defer over.Stop()
	<-over.C
	_ = renewed.say(wire.AppendPing(nil, wire.Ping{ClientTime: 1}))
	_, err := renewed.message(wire.TypePong)
	check(t, "expiry", "renewed with a good one", nil, err)
}
