package sim_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/net/sim"
)

const ms = time.Millisecond

// across runs f with both ends of a link, on a false clock.
func across(t *testing.T, link string, seed uint64, f func(t *testing.T, near *sim.Conn, far net.Conn)) {
	t.Helper()
	l, err := sim.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		a, far := net.Pipe()
		near := sim.Wrap(a, l, seed)
		f(t, near, far)
		near.Close()
		far.Close()
		synctest.Wait()
	})
}

// takes is how long b takes from w to r, which read and write whole.
func takes(t *testing.T, w io.Writer, r io.Reader, b []byte) time.Duration {
	t.Helper()
	began := time.Now()
	go func() {
		if _, err := w.Write(b); err != nil {
			t.Errorf("write: %v", err)
		}
	}()
	got := make([]byte, len(b))
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, b) {
		t.Errorf("read %d bytes: %v", len(got), err)
	}
	return time.Since(began)
}

func TestDelaysHalfThePingEachWay(t *testing.T) {
	across(t, "150ms", 1, func(t *testing.T, near *sim.Conn, far net.Conn) {
		for range 3 {
			if d := takes(t, near, far, []byte("hello")); d != 75*ms {
				t.Errorf("up took %v", d)
			}
			if d := takes(t, far, near, []byte("hello")); d != 75*ms {
				t.Errorf("down took %v", d)
			}
		}
	})
}

func TestJitterStaysWithin(t *testing.T) {
	across(t, "100ms±40ms", 7, func(t *testing.T, near *sim.Conn, far net.Conn) {
		least, most := time.Hour, time.Duration(0)
		for range 300 {
			d := takes(t, near, far, []byte("x")) + takes(t, far, near, []byte("y"))
			least, most = min(least, d), max(most, d)
		}
		if least < 60*ms || least > 75*ms || most > 140*ms || most < 125*ms {
			t.Errorf("round trips from %v to %v", least, most)
		}
	})
}

// A loss is a stall of a retransmission time, and what is behind waits with it.
func TestLossIsAStall(t *testing.T) {
	across(t, "100ms,5%", 3, func(t *testing.T, near *sim.Conn, far net.Conn) {
		const n = 2000
		go func() {
			for i := range n {
				if _, err := near.Write([]byte{byte(i)}); err != nil {
					t.Error(err)
				}
				<-time.After(10 * ms)
			}
		}()
		began, late, b := time.Now(), 0, make([]byte, 1)
		var most time.Duration
		for i := range n {
			if _, err := io.ReadFull(far, b); err != nil || b[0] != byte(i) {
				t.Fatalf("byte %d: %v, %v", i, b, err)
			}
			d := time.Since(began) - time.Duration(i)*10*ms
			if d < 50*ms {
				t.Fatalf("byte %d came after %v", i, d)
			}
			if d > 50*ms {
				late++
			}
			most = max(most, d)
		}
		// Each loss holds up the 30 packets of 300 ms, but those overlap.
		if late < n/3 || late > n*9/10 || most < 350*ms {
			t.Errorf("%d of %d late, at most by %v", late, n, most)
		}
	})
}

func TestRate(t *testing.T) {
	across(t, "20ms,10KB/s", 1, func(t *testing.T, near *sim.Conn, far net.Conn) {
		for name, d := range map[string]time.Duration{
			"up":   takes(t, near, far, make([]byte, 50<<10)),
			"down": takes(t, far, near, make([]byte, 50<<10)),
		} {
			if d < 5*time.Second || d > 5*time.Second+20*ms {
				t.Errorf("50 KB %s took %v", name, d)
			}
		}
	})
}

func TestOutageEndsAndNothingIsLost(t *testing.T) {
	across(t, "10ms,outage=5s/20s", 9, func(t *testing.T, near *sim.Conn, far net.Conn) {
		outages, began := 0, time.Now()
		for time.Since(began) < 10*time.Minute {
			if d := takes(t, near, far, []byte("x")); d > 4*time.Second {
				outages++
			} else if d > 5*time.Second+5*ms {
				t.Fatalf("one took %v", d)
			}
			<-time.After(100 * ms)
		}
		if outages < 20 || outages > 40 {
			t.Errorf("%d outages in ten minutes", outages)
		}
	})
}

func TestCutEndsBothSides(t *testing.T) {
	across(t, "10ms,cut=10s", 4, func(t *testing.T, near *sim.Conn, far net.Conn) {
		began, other := time.Now(), make(chan error, 1)
		go func() {
			_, err := far.Read(make([]byte, 1))
			other <- err
		}()
		_, err := near.Read(make([]byte, 1))
		if d := time.Since(began); !errors.Is(err, syscall.ECONNRESET) || d < 5*time.Second || d > 15*time.Second {
			t.Errorf("after %v: %v", d, err)
		}
		if err := <-other; err == nil {
			t.Error("the other side was not told")
		}
		if _, err := near.Write([]byte("x")); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("write after the cut: %v", err)
		}
	})
}

func TestHangTellsNobody(t *testing.T) {
	across(t, "hang=10s", 4, func(t *testing.T, near *sim.Conn, far net.Conn) {
		<-time.After(15 * time.Second)
		for range 10 {
			if _, err := near.Write([]byte("x")); err != nil {
				t.Error(err)
			}
		}
		_ = far.SetReadDeadline(time.Now().Add(time.Hour))
		if n, err := far.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

// A writer that nobody reads waits for room, with at most 256 KiB taken.
func TestHoldsBounded(t *testing.T) {
	across(t, "10ms", 1, func(t *testing.T, near *sim.Conn, _ net.Conn) {
		_ = near.SetWriteDeadline(time.Now().Add(time.Minute))
		n, err := near.Write(make([]byte, 4<<20))
		if !errors.Is(err, os.ErrDeadlineExceeded) || n < 256<<10 || n > 256<<10+32<<10 {
			t.Errorf("%d bytes taken, %v", n, err)
		}
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("%T is no timeout", err)
		}
		if _, err := near.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after the deadline: %v", err)
		}
	})
}

func TestDeadlinesMove(t *testing.T) {
	across(t, "10ms", 1, func(t *testing.T, near *sim.Conn, far net.Conn) {
		_ = near.SetReadDeadline(time.Now().Add(time.Hour))
		time.AfterFunc(time.Second, func() { _ = near.SetReadDeadline(time.Now()) })
		began := time.Now()
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		_ = near.SetDeadline(time.Time{})
		if d := takes(t, far, near, []byte("x")); d != 5*ms {
			t.Errorf("after the deadline went: %v", d)
		}
	})
}

func TestCloseEndsWhatWaits(t *testing.T) {
	across(t, "10ms", 1, func(t *testing.T, near *sim.Conn, far net.Conn) {
		time.AfterFunc(time.Second, func() { _ = near.Close() })
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read: %v", err)
		}
		if _, err := far.Read(make([]byte, 1)); err == nil {
			t.Error("the other side goes on")
		}
	})
	across(t, "10ms", 1, func(t *testing.T, near *sim.Conn, far net.Conn) {
		go func() {
			_, _ = far.Write([]byte("last words"))
			_ = far.Close()
		}()
		if b, err := io.ReadAll(near); err != nil || string(b) != "last words" {
			t.Errorf("%q, %v", b, err)
		}
	})
}

// The same seed is the same bad evening; another is another.
func TestSeeds(t *testing.T) {
	evening := func(seed uint64) (all []time.Duration) {
		across(t, "100ms±50ms,3%", seed, func(t *testing.T, near *sim.Conn, far net.Conn) {
			for range 50 {
				all = append(all, takes(t, near, far, []byte("x")), takes(t, far, near, []byte("x")))
			}
		})
		return all
	}
	a, b, c := evening(1), evening(1), evening(2)
	same := true
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("%d: %v and %v", i, a[i], b[i])
		}
		same = same && a[i] == c[i]
	}
	if same {
		t.Error("another seed made no difference")
	}
}
