package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
)

// figure is one measured point: one server, one number of clients.
type figure struct {
	Server       string  `json:"server"`        // "sandlot" or "gws"
	Clients      int     `json:"clients"`       // connected and sending
	LobbySize    int     `json:"lobbySize"`     // players a lobby
	Snapshots    int     `json:"snapshots"`     // delivered in the window
	Delivered    float64 `json:"delivered"`     // of one a client and tick, 1 is all
	MicrosPer    float64 `json:"cpuMicros"`     // server processor time per delivered snapshot
	BytesPer     float64 `json:"bytes"`         // of a snapshot message, WebSocket header included
	KBPerConn    float64 `json:"residentKB"`    // resident memory over that of the empty server, per connection
	IntervalP50  float64 `json:"intervalP50Ms"` // between snapshots of one client
	IntervalP99  float64 `json:"intervalP99Ms"`
	LateP99      float64 `json:"tickLateP99Ms"`  // of tick starts; 0 for bare gws, which does not tell
	TimerP99     float64 `json:"timerLateP99Ms"` // of a timer with nothing to do in the same process
	ServerLoad   float64 `json:"serverLoad"`     // of its one core, 1 is all of it
	GeneratorCPU float64 `json:"generatorLoad"`  // of one core
	Lost         int     `json:"lost"`           // connections that ended in the run
	Reason       string  `json:"reason,omitempty"`
}

// point is Sandlot beside the bare reference at one number of clients.
type point struct {
	Sandlot   figure  `json:"sandlot"`
	Reference figure  `json:"gws"`
	Ratio     float64 `json:"cpuRatio"` // of processor time per snapshot; below 1 Sandlot is cheaper
}

// results are all that one run measured.
type results struct {
	Points   []point   `json:"points"`
	Sizes    []figure  `json:"lobbySizes,omitempty"`
	Matches  []match   `json:"matches,omitempty"`
	Idle     *idle     `json:"idle,omitempty"`
	Capacity *capacity `json:"capacity,omitempty"`
}

// report writes the tables, the files, and the ratio at the last point.
func (p plan) report(r results) error {
	if err := writeTables(os.Stdout, r); err != nil {
		return err
	}
	for _, out := range []struct {
		path  string
		write func(io.Writer, results) error
	}{{p.json, writeJSON}, {p.plot, writePlot}} {
		if out.path == "" {
			continue
		}
		file, err := os.Create(filepath.Clean(out.path))
		if err != nil {
			return err
		}
		if err := errors.Join(out.write(file, r), file.Close()); err != nil {
			return err
		}
	}
	if len(r.Points) == 0 {
		return nil
	}
	last := r.Points[len(r.Points)-1]
	_, err := fmt.Fprintf(os.Stdout, "cpu per snapshot, ratio to bare gws: %.2f\n", last.Ratio)
	return err
}

func writeTables(w io.Writer, r results) error {
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "clients\tserver\tµs/snapshot\tbytes\tKB/conn\tdelivered\tinterval p50\tp99 ms\ttick late p99\ttimer p99 ms\tload\tgenerator\tlost\t")
	for _, p := range r.Points {
		writeRow(tab, strconv.Itoa(p.Reference.Clients), p.Reference)
		writeRow(tab, strconv.Itoa(p.Sandlot.Clients), p.Sandlot)
		fmt.Fprintf(tab, "\tratio\t%.2f\t\t\t\t\t\t\t\t\t\t\t\n", p.Ratio)
	}
	for _, f := range r.Sizes {
		writeRow(tab, fmt.Sprintf("%d by %d", f.Clients, f.LobbySize), f)
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	if err := writeMatches(w, r.Matches); err != nil {
		return err
	}
	if i := r.Idle; i != nil {
		fmt.Fprintf(w, "%d idle signed-in connections: %.1f KB each (%.1f as the sign-ins left it; bare gws %.1f)\n", i.Clients, i.SandlotKB, i.FreshKB, i.GwsKB)
	}
	if c := r.Capacity; c != nil {
		fmt.Fprintf(w, "one core carries %d clients in lobbies of %d at %d Hz (interval p99 below %.0f ms), for bare gws %d\n",
			c.Sandlot, lobbySize, benchRate, carried, c.Reference)
	}
	return nil
}

func writeRow(w io.Writer, name string, f figure) {
	fmt.Fprintf(w, "%s\t%s\t%.1f\t%.0f\t%.1f\t%.1f %%\t%.1f\t%.1f\t%.2f\t%.2f\t%.0f %%\t%.0f %%\t%d\t\n", name, f.Server, f.MicrosPer, f.BytesPer,
		f.KBPerConn, 100*f.Delivered, f.IntervalP50, f.IntervalP99, f.LateP99, f.TimerP99, 100*f.ServerLoad, 100*f.GeneratorCPU, f.Lost)
}

func writeJSON(w io.Writer, r results) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// writePlot draws processor time per snapshot against the number of clients, a
// line a server, as a plain SVG.
func writePlot(w io.Writer, r results) error {
	points := r.Points
	const width, height, left, bottom = 640, 360, 60, 40
	highest, most := 1.0, 1.0
	for _, p := range points {
		highest = max(highest, p.Sandlot.MicrosPer, p.Reference.MicrosPer)
		most = max(most, float64(p.Sandlot.Clients))
	}
	place := func(clients int, micros float64) (float64, float64) {
		x := left + (width-left-20)*math.Log2(float64(clients)/50)/math.Log2(most/50+1e-9)
		return x, height - bottom - (height-bottom-30)*micros/(highest*1.1)
	}
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(w, `<rect width="%d" height="%d" fill="#fff"/><text x="%d" y="18">server CPU per delivered snapshot, µs, by clients</text>`+"\n", width, height, left)
	draw := func(name, colour string, of func(point) figure) {
		fmt.Fprintf(w, `<polyline fill="none" stroke="%s" stroke-width="2" points="`, colour)
		for _, p := range points {
			x, y := place(of(p).Clients, of(p).MicrosPer)
			fmt.Fprintf(w, "%.1f,%.1f ", x, y)
		}
		fmt.Fprintln(w, `"/>`)
		for i, p := range points {
			f := of(p)
			x, y := place(f.Clients, f.MicrosPer)
			fmt.Fprintf(w, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/><text x="%.1f" y="%.1f" fill="%s">%.1f</text>`+"\n", x, y, colour, x-8, y-8, colour, f.MicrosPer)
			if i == len(points)-1 {
				fmt.Fprintf(w, `<text x="%.1f" y="%.1f" text-anchor="end" fill="%s">%s</text>`+"\n", x, y-24, colour, name)
			}
		}
	}
	draw("bare gws", "#888888", func(p point) figure { return p.Reference })
	draw("Sandlot", "#0b62c4", func(p point) figure { return p.Sandlot })
	for _, p := range points {
		x, _ := place(p.Sandlot.Clients, 0)
		fmt.Fprintf(w, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`+"\n", x, height-bottom+18, p.Sandlot.Clients)
	}
	_, err := fmt.Fprintln(w, "</svg>")
	return err
}
