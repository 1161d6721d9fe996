package sim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// rateUnits are in the order in which they are tried, longest names of a kind first.
var rateUnits = []struct {
	name string
	size int
}{{"MB/s", 1 << 20}, {"KB/s", 1 << 10}, {"Mbit/s", 1_000_000 / 8}, {"kbit/s", 1000 / 8}, {"B/s", 1}}

// Parse reads a link from its parts, in any order, with commas between:
//
//	150ms or 150ms±30ms   ping and jitter ("+-" and "+/-" are read as "±")
//	1%                    lost packets, each way
//	64KB/s                rate, each way: B, KB, MB, kbit, Mbit
//	outage=5s/1m          nothing passes for 5 s, about once a minute
//	cut=30s               the connection breaks after about 30 s
//	hang=30s              nothing passes after about 30 s, and nobody is told
//
// Empty text and "0s" are a link without faults. An error names the part.
func Parse(text string) (Link, error) {
	var l Link
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			if strings.TrimSpace(text) == "" {
				return l, nil
			}
			return Link{}, fmt.Errorf("network %q: nothing between two commas", text)
		}
		kind, err := l.take(part)
		if err == nil && seen[kind] {
			err = fmt.Errorf("a second %s", kind)
		}
		if err != nil {
			return Link{}, fmt.Errorf("network %q: %q: %w", text, part, err)
		}
		seen[kind] = true
	}
	if err := l.Validate(); err != nil {
		return Link{}, fmt.Errorf("network %q: %w", text, err)
	}
	return l, nil
}

// take reads one part and says of what kind it is.
func (l *Link) take(part string) (kind string, err error) {
	if key, value, named := strings.Cut(part, "="); named {
		switch key {
		case "cut":
			l.Cut, err = duration(value)
		case "hang":
			l.Hang, err = duration(value)
		case "outage":
			long, every, ok := strings.Cut(value, "/")
			if !ok {
				return key, fmt.Errorf("how long and how often are wanted, as in outage=5s/1m")
			}
			if l.Outage, err = duration(long); err == nil {
				l.OutageEvery, err = duration(every)
			}
		default:
			return key, fmt.Errorf("there is no %q; there are cut, hang and outage", key)
		}
		return key, err
	}
	if percent, ok := strings.CutSuffix(part, "%"); ok {
		share, err := strconv.ParseFloat(strings.TrimSpace(percent), 64)
		if err != nil {
			return "loss", fmt.Errorf("not a percentage, as in 1%% or 0.5%%")
		}
		l.Loss = share / 100
		return "loss", nil
	}
	if strings.HasSuffix(part, "/s") {
		l.Rate, err = rate(part)
		return "rate", err
	}
	part = strings.NewReplacer("+/-", "±", "+-", "±").Replace(part)
	ping, jitter, both := strings.Cut(part, "±")
	if l.Ping, err = duration(ping); err == nil && both {
		l.Jitter, err = duration(jitter)
	}
	return "ping", err
}

func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d < 0 {
		return 0, fmt.Errorf("not a time, as in 150ms or 2s")
	}
	return d, nil
}

func rate(text string) (int, error) {
	for _, u := range rateUnits {
		number, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil {
			break
		}
		bytes := n * float64(u.size)
		if !(bytes >= minRate && bytes <= maxRate) {
			return 0, fmt.Errorf("out of bounds: from %d B/s to %d MB/s", minRate, maxRate>>20)
		}
		return int(bytes), nil
	}
	return 0, fmt.Errorf("not a rate, as in 64KB/s or 2Mbit/s")
}
