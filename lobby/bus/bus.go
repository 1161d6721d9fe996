package bus

import "context"

// Bus is Pub/Sub between instances: at most once, and never silently less than
// that. A subscriber gets the messages of one publisher in the order in which
// they were published; what it may have missed is announced by Gap.
type Bus interface {
	// Publish hands payload to those who subscribe to channel now, here and
	// elsewhere. It waits at most as long as ctx allows and delivers at most once,
	// so an error means that the message may or may not have been delivered. Where
	// the channel is known not to be reached it fails at once. The payload, of at
	// most about 1 MiB, is not kept.
	Publish(ctx context.Context, channel string, payload []byte) error
	// Subscribe registers h and returns at once, whether or not the bus can be
	// reached: while it cannot, nothing comes, and when it can again Gap is called.
	Subscribe(channel string, h Handler) Subscription
	// Healthy returns nil while messages flow, and else why they do not.
	Healthy() error
	// Reach is Healthy for what lives where channel does: the loss of something
	// else is none of its faults. It waits for nothing.
	Reach(channel string) error
}

// Handler is what a subscriber wants to be told. The calls for one bus come from
// one goroutine at a time and must not block: a handler that has much to do
// queues it, with a bound.
type Handler struct {
	// Message gets each payload, which the handler may keep.
	Message func(payload []byte)
	// Gap says that messages before this moment may have been missed and that
	// those after it will not be (until the next Gap). It is called once when
	// the subscription begins to deliver and after each loss. May be nil.
	Gap func()
}

// Subscription ends with Close: no call to its Handler begins afterwards. Close
// may be called more than once, also from within the Handler.
type Subscription interface{ Close() }
