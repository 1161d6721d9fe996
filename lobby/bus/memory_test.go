package bus_test

import (
	"context"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running runs m until the test ends.
func running(t *testing.T, m *bus.Memory) *bus.Memory {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = m.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return m
}

func TestMemory(t *testing.T) {
	bustest.Run(t, func(t *testing.T) func() bustest.Both {
		m := running(t, bus.NewMemory())
		return func() bustest.Both { return m }
	})
}

// What finds the queue full is lost, and said to be.
func TestMemoryOverflowIsAGap(t *testing.T) {
	m := running(t, bus.NewMemory())
	entered, leave := make(chan struct{}), make(chan struct{})
	gaps := make(chan struct{}, 10)
	var once sync.Once
	got := 0
	s := m.Subscribe("c", bus.Handler{
		Message: func([]byte) {
			got++
			once.Do(func() { close(entered); <-leave })
		},
		Gap: func() { gaps <- struct{}{} },
	})
	defer s.Close()
	<-gaps
	bustest.Publish(t, m, "c", "first")
	<-entered
	const sent = 5000
	for range sent {
		bustest.Publish(t, m, "c", "x")
	}
	close(leave)
	<-gaps
	last := bustest.Listen(t, m, "c")
	bustest.Publish(t, m, "c", "last")
	last.Want(t, "last")
	if got < 4000 || got >= sent {
		t.Errorf("%d of %d messages came", got, sent)
	}
}

func TestMemoryThatDoesNotRun(t *testing.T) {
	m := bus.NewMemory()
	if m.Healthy() == nil {
		t.Error("it says that it is well")
	}
	if m.Reach("c") == nil {
		t.Error("it says that it reaches a channel")
	}
	if err := m.Publish(context.Background(), "c", nil); err == nil {
		t.Error("it takes messages that nobody delivers")
	}
}
