package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// figure is one measured point: one server, one number of clients.
type figure struct {
	Server       string  `json:"server"`        // "sandlot" or "gws"
	Clients      int     `json:"clients"`       // connected and sending
	Snapshots    int     `json:"snapshots"`     // delivered in the window
	MicrosPer    float64 `json:"cpuMicros"`     // server processor time per delivered snapshot
	BytesPer     float64 `json:"bytes"`         // of a snapshot message, WebSocket header included
	KBPerConn    float64 `json:"residentKB"`    // resident memory over that of the empty server, per connection
	IntervalP50  float64 `json:"intervalP50Ms"` // between snapshots of one client
	IntervalP99  float64 `json:"intervalP99Ms"`
	ServerLoad   float64 `json:"serverLoad"`    // of its one core, 1 is all of it
	GeneratorCPU float64 `json:"generatorLoad"` // of one core
	Lost         int     `json:"lost"`          // connections that ended in the run
	Reason       string  `json:"reason,omitempty"`
}

// point is Sandlot beside the bare reference at one number of clients.
type point struct {
	Sandlot   figure  `json:"sandlot"`
	Reference figure  `json:"gws"`
	Ratio     float64 `json:"cpuRatio"` // of processor time per snapshot; below 1 Sandlot is cheaper
}

func writeTable(w io.Writer, points []point) error {
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "clients\tserver\tµs/snapshot\tbytes\tKB/conn\tinterval p50\tp99 ms\tload\tgenerator\tlost\t")
	for _, p := range points {
		for _, f := range []figure{p.Reference, p.Sandlot} {
			fmt.Fprintf(tab, "%d\t%s\t%.1f\t%.0f\t%.1f\t%.1f\t%.1f\t%.0f %%\t%.0f %%\t%d\t\n", f.Clients, f.Server, f.MicrosPer, f.BytesPer,
				f.KBPerConn, f.IntervalP50, f.IntervalP99, 100*f.ServerLoad, 100*f.GeneratorCPU, f.Lost)
		}
		fmt.Fprintf(tab, "\tratio\t%.2f\t\t\t\t\t\t\t\t\n", p.Ratio)
	}
	return tab.Flush()
}

func writeJSON(w io.Writer, points []point) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(points)
}

// writePlot draws processor time per snapshot against the number of clients, a
// line a server, as a plain SVG.
func writePlot(w io.Writer, points []point) error {
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
