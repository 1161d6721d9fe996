package feed

import (
	"slices"
	"time"
)

// Bounds of a Line.
const (
	lineStates = 4 << 20 // bytes held, from which on states are left out
	lineBytes  = 5 << 20 // bytes held, from which on messages are lost
	lineItem   = 48      // bytes that each costs beside its own
)

// Line holds messages back until they are due. It gives them out in the order
// they came in, never before their time.
type Line struct {
	items []held
	head  int
	bytes int
	last  time.Time // when the newest is due
}

type held struct {
	due     time.Time
	message []byte
}

// Crowded reports whether there is no room for states: the tick is to be left
// out, and a later state leads on from the last one that is in.
func (l *Line) Crowded() bool { return l.bytes >= lineStates }

// Put adds a message that is due then, or with the one before it if that is
// later. It is false, and the message lost, when the line is full. The bytes are
// copied.
func (l *Line) Put(message []byte, due time.Time) bool {
	if l.bytes+len(message) > lineBytes {
		return false
	}
	if due.Before(l.last) {
		due = l.last
	}
	l.last = due
	l.bytes += len(message) + lineItem
	l.items = append(l.items, held{due, slices.Clone(message)})
	return true
}

// Take gives out the next message that is due by now.
func (l *Line) Take(now time.Time) (message []byte, ok bool) {
	if l.head == len(l.items) || now.Before(l.items[l.head].due) {
		return nil, false
	}
	message = l.items[l.head].message
	l.items[l.head] = held{}
	l.head++
	l.bytes -= len(message) + lineItem
	if l.head >= 64 && l.head*2 >= len(l.items) { // memory stays below twice what is held
		l.items = slices.Delete(l.items, 0, l.head)
		l.head = 0
	}
	return message, true
}

// Due is when the next message is; false if the line is empty.
func (l *Line) Due() (time.Time, bool) {
	if l.head == len(l.items) {
		return time.Time{}, false
	}
	return l.items[l.head].due, true
}

// Each calls f with all that is held, in order.
func (l *Line) Each(f func(message []byte)) {
	for i := l.head; i < len(l.items); i++ {
		f(l.items[i].message)
	}
}
