package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// result is what came of a run. Its methods are safe for concurrent use.
type result struct {
	instances int
	began     time.Time
	end       time.Time
	atEnd     int // online then
	rooms     *rooms

	mu                          sync.Mutex
	killed, restarted           time.Duration // since began; 0: it was not
	waits, backs, nexts, echoes []time.Duration
	lost                        int
	stats                       client.Stats
	faults, retries             map[string]int

	messages, due, missed, unconfirmed int
}

// close counts what can be counted at the end only.
func (r *result) close() {
	r.messages, r.due, r.missed, r.unconfirmed = r.rooms.sums()
}

func (r *result) mark(at *time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*at = time.Since(r.began)
}

func (r *result) add(to *[]time.Duration, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*to = append(*to, d)
}

func (r *result) lose() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost++
}

func (r *result) played(s *client.Stats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.Merge(s)
}

// fault counts an error that a player would see, or wait for.
func (r *result) fault(what string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	count(&r.faults, what+": "+short(err))
}

// wait counts an attempt to connect that is made again by itself.
func (r *result) wait(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	count(&r.retries, "reconnect: "+short(err))
}

func count(in *map[string]int, text string) {
	if *in == nil {
		*in = map[string]int{}
	}
	if len(*in) > 50 { // enough to see what is wrong
		text = "others"
	}
	(*in)[text]++
}

// short is an error without what differs from one to the next.
func short(err error) string {
	var p *client.Problem
	var e *client.Ending
	var d *dial.Refused
	switch {
	case errors.As(err, &p):
		return fmt.Sprintf("%d %s", p.Status, cmp.Or(p.Code, p.Title))
	case errors.As(err, &d):
		return fmt.Sprintf("refused with %d %s", d.Status, d.Code)
	case errors.As(err, &e):
		return fmt.Sprintf("closed with %d %s", e.Code, e.Word)
	}
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return text
}

func parts(d []time.Duration) string {
	if len(d) == 0 {
		return "none"
	}
	slices.Sort(d)
	at := func(q float64) float64 { return d[int(q*float64(len(d)-1))].Seconds() * 1000 }
	return fmt.Sprintf("%d: p50 %.0f, p99 %.0f, last %.0f ms", len(d), at(.5), at(.99), at(1))
}

// table prints the runs side by side. The error says that a run did not come to a
// good end: not all bots were online again, or messages were lost.
func table(w io.Writer, v *benchVerb, runs []*result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, of func(r *result) string) {
		fmt.Fprint(t, name)
		for _, r := range runs {
			fmt.Fprint(t, "\t", of(r))
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintln(t)
	row(fmt.Sprintf("%d bots, %s", v.Bots, v.Time), func(r *result) string { return many(r.instances) })
	row("an instance killed", func(r *result) string {
		return fmt.Sprintf("at %.0f s, back %s later", r.killed.Seconds(), v.Down)
	})
	row("Redis killed, back empty", func(r *result) string {
		if r.restarted == 0 {
			return "there is none"
		}
		return fmt.Sprintf("at %.0f s", r.restarted.Seconds())
	})
	row("online at the end", func(r *result) string { return fmt.Sprintf("%d of %d", r.atEnd, v.Bots) })
	row("matches, lobbies", func(r *result) string { return fmt.Sprintf("%d, %d", r.rooms.matches, len(r.rooms.all)) })
	row("wait for a match", func(r *result) string { return parts(r.waits) })
	row("input to state", func(r *result) string {
		return fmt.Sprintf("p50 %.0f, p99 %.0f ms", r.stats.Latency.Quantile(.5).Seconds()*1000, r.stats.Latency.Quantile(.99).Seconds()*1000)
	})
	row("back in the same seat", func(r *result) string { return parts(r.backs) })
	row("told: match lost", func(r *result) string { return fmt.Sprint(r.lost) })
	row("then in the next match", func(r *result) string { return parts(r.nexts) })
	row("chat: messages, deliveries", func(r *result) string { return fmt.Sprintf("%d, %d", r.messages, r.due) })
	row("chat: deliveries lost", func(r *result) string { return fmt.Sprint(r.missed) })
	row("chat: said, never confirmed", func(r *result) string { return fmt.Sprint(r.unconfirmed) })
	row("chat: said to heard oneself", func(r *result) string { return parts(r.echoes) })
	row("errors", func(r *result) string { return fmt.Sprint(total(r.faults)) })
	texts := func(of func(r *result) map[string]int) {
		all := map[string]int{}
		for _, r := range runs {
			for text, n := range of(r) {
				all[text] += n
			}
		}
		for _, text := range slices.Sorted(maps.Keys(all)) {
			row("  "+text, func(r *result) string { return fmt.Sprint(of(r)[text]) })
		}
	}
	texts(func(r *result) map[string]int { return r.faults })
	row("attempts made again", func(r *result) string { return fmt.Sprint(total(r.retries)) })
	texts(func(r *result) map[string]int { return r.retries })
	fmt.Fprintln(t)
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range runs {
		if r.missed > 0 || r.atEnd < v.Bots*97/100 { // some are between two matches
			return fmt.Errorf("with %s %d of %d bots were online at the end, and %d messages were lost", many(r.instances), r.atEnd, v.Bots, r.missed)
		}
	}
	return nil
}

func total(of map[string]int) (n int) {
	for _, k := range of {
		n += k
	}
	return n
}
