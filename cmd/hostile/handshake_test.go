package hostile

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestHandshake(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	lobby := s.lobby(t, s.guest(t, "host"), "traps", nil).Lobby
	token := s.guest(t, "mallory")
	q := "?lobby=" + lobby.ID
	host := "Origin: http://" + s.addr
	for _, tc := range []struct {
		input  string
		query  string
		header []string
		want   string
	}{
		{"no Origin", q, []string{bearer(token)}, "101"},
		{"our own Origin", q, []string{bearer(token), host}, "101"},
		{"a foreign Origin with a good token", q, []string{bearer(token), "Origin: https://evil.example"}, "403 origin"},
		{"Origin null", q, []string{bearer(token), "Origin: null"}, "403 origin"},
		{"an Origin that begins with ours", q, []string{bearer(token), host + ".evil.example"}, "403 origin"},
		{"an Origin with ours as its user", q, []string{bearer(token), "Origin: http://" + s.addr + "@evil.example"}, "403 origin"},
		{"two Origins", q, []string{bearer(token), host, "Origin: https://evil.example"}, "403 origin"},
		{"a cookie without an Origin", q, []string{"Cookie: sandlot_token=" + token}, "403 origin_required"},
		{"a cookie with our Origin", q, []string{"Cookie: sandlot_token=" + token, host}, "101"},
		{"no lobby", "", []string{bearer(token)}, "401 bad_request"},
		{"no such lobby", "?lobby=ABCDEFGH", []string{bearer(token)}, "404 lobby_not_found"},
		{"a lobby of 5,000 bytes", "?lobby=" + strings.Repeat("A", 5000), []string{bearer(token)}, "404 not_found"},
		{"seen that is no number", q + "&seen=-1", []string{bearer(token)}, "400 bad_seen"},
		{"seen beyond 32 bits", q + "&seen=99999999999", []string{bearer(token)}, "400 bad_seen"},
	} {
		so := upgrade(t, s.addr, tc.query, tc.header...)
		got := fmt.Sprint(so.resp.StatusCode)
		if so.resp.StatusCode != http.StatusSwitchingProtocols {
			got += " " + answer{body: so.body()}.code()
		}
		check(t, "handshake", tc.input, tc.want, got)
	}
	// Browsers cannot read a refusal's status: they get a close frame.
	for _, tc := range []struct{ input, query, token, want string }{
		{"a browser with a bad token", q, "rubbish", "1008 refused;malformed"},
		{"a browser at a lobby that is not there", "?lobby=ABCDEFGH", token, "1008 refused;lobby_not_found"},
	} {
		so := upgrade(t, s.addr, tc.query, bearer(tc.token), host)
		check(t, "handshake", tc.input, "101, then "+tc.want, fmt.Sprint(so.resp.StatusCode, ", then ", so.end()))
	}
	so := upgrade(t, s.addr, q, bearer(token), "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
	check(t, "handshake", "deflate offered", "101 []", fmt.Sprint(so.resp.StatusCode, so.resp.Header.Values("Sec-WebSocket-Extensions")))

	for _, tc := range []struct{ input, request, want string }{
		{"POST", "POST /v1/ws HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "405"},
		{"no upgrade", "GET /v1/ws HTTP/1.1\r\nHost: x\r\n\r\n", "426"},
		{"HTTP/1.0", "GET /v1/ws HTTP/1.0\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "505"},
		{"version 8", "GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n\r\n", "426"},
		{"a bad key", "GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n", "400"},
		{"no Host", "GET / HTTP/1.1\r\n\r\n", "400"},
		{"two lengths", "POST /v1/guests HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"},
		{"a negative length", "POST /v1/guests HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400"},
		{"a length and chunks", "POST /v1/guests HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
		{"chunks of an unknown kind", "POST /v1/guests HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"},
		{"a line break in a header", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\nX-B: c\rd\r\n\r\n", "400"},
		{"no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", "400"},
		{"headers of 9 KiB", "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 9<<10) + "\r\n\r\n", "431"},
		{"a path of 9 KiB", "GET /" + strings.Repeat("x", 9<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n", "431"},
	} {
		check(t, "request", tc.input, tc.want, rawStatus(t, s.addr, tc.request))
	}
}

// rawStatus sends bytes and gives the status of the answer, or what came instead.
func rawStatus(t *testing.T, addr, request string) string {
	t.Helper()
	c := dial(t, addr)
	if _, err := c.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 12)
	n, err := c.Read(b)
	if err != nil || n < 12 {
		return fmt.Sprintf("%q %v", b[:n], err)
	}
	return string(b[9:12])
}
