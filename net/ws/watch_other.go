//go:build !linux

package ws

import "errors"

// canWatch says that connections can be taken off the runtime's poller. Here
// they stay on it: each has a goroutine that waits.
const canWatch = false

type watcher struct{}

func newWatcher() (*watcher, error) { return nil, errors.ErrUnsupported }

func (*watcher) run()              {}
func (*watcher) close()            {}
func (*watcher) add(*peer) error   { return errors.ErrUnsupported }
func (*watcher) arm(int, int32)    {}
func (*watcher) disarm(int, int32) {}
func (*watcher) remove(int, int32) {}

func duplicate(int) (waiting, error) { return nil, errors.ErrUnsupported }
