package client_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
)

// FuzzEnding reads the text of a close frame.
func FuzzEnding(f *testing.F) {
	for _, text := range []string{"bye", "slow;after=5", "moved;url=wss://x/v1/ws?a=1;b=2", "refused;lobby_full", ";;=;after=-1;after=99999999999999999999", "moved;url=", "\x00\xff;url=;url="} {
		f.Add(uint16(4001), text)
	}
	f.Fuzz(func(t *testing.T, code uint16, text string) {
		e := client.ParseEnding(code, text)
		if e.After < 0 || e.After > 24*time.Hour {
			t.Errorf("%q has one wait for %s", text, e.After)
		}
		if len(e.Word)+len(e.Detail)+len(e.URL) > len(text) || e.Error() == "" {
			t.Errorf("%q became %+v", text, e)
		}
	})
}
