package queue

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// FuzzRecords reads what another instance may have written of a ticket and of a
// party. What is read has players, and is written again as it was.
func FuzzRecords(f *testing.F) {
	for _, text := range []string{
		`{"id":"x","version":1,"players":[{"ID":"p","points":1500}],"state":"queued","until":"2030-01-02T03:04:05Z"}`,
		`{"id":"x","version":1,"players":[{"ID":"p"}],"state":"offered","offer":{"id":"o","teams":[["x"],[]],"accepted":["p","q"]},"kind":{},"latencies":[{}]}`,
		`{"id":"x","version":1,"players":[{"ID":"p","team":255,"points":-9223372036854775808}],"state":"matched","key":"k","attributes":{"":""}}`,
		`{"code":"x","version":1,"members":[{"ID":"p"},{"ID":"p"}],"until":"0000-01-01T00:00:00Z"}`,
		`{"id":"x","version":1,"players":[]}`, `null`, `[]`, `{"players":{}}`, "",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		now := time.Now()
		in := bus.Record{ID: "x", Version: 1, Value: value}
		if r, err := readTicket(in); err == nil {
			if _, lasts := r.anew(now); lasts && r.Until.Before(now) {
				t.Error("a ticket that is over lasts")
			}
			_, _ = r.instead(r.changed())
			_, _, _ = r.accepted(), r.waits(), r.names()
			again(t, r.record)
		}
		if p, err := readParty(in); err == nil {
			_, _ = p.anew(now)
			if left := p.without(p.Members[0].ID, time.Minute); left.has(p.Members[0].ID) {
				t.Error("who left is in it")
			}
			again(t, p.record)
		}
	})
}

// again is that what was read can be written, as JSON.
func again(t *testing.T, record func() (bus.Record, error)) {
	if out, err := record(); err != nil || !json.Valid(out.Value) || out.TTL <= 0 {
		t.Errorf("what was read is written as %q for %s, %v", out.Value, out.TTL, err)
	}
}
