package cmd

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sandlot-server/sandlot/lobby"
)

// phases counts, when it is asked, the public lobbies of one instance by game and
// phase. Private ones are counted in sandlot_lobbies only: lists do not name them.
type phases struct {
	lobbies  *lobby.Directory
	instance string
	desc     *prometheus.Desc
}

var _ prometheus.Collector = (*phases)(nil)

func newPhases(lobbies *lobby.Directory, instance string) *phases {
	return &phases{lobbies, instance, prometheus.NewDesc(
		namespace+"_public_lobbies", "Public lobbies of this instance, by game and phase.", []string{"game", "phase"}, nil)}
}

// Describe implements prometheus.Collector.
func (p *phases) Describe(ch chan<- *prometheus.Desc) { ch <- p.desc }

// Collect implements prometheus.Collector.
func (p *phases) Collect(ch chan<- prometheus.Metric) {
	counts := map[[2]string]int{}
	for _, g := range gameNames() {
		for _, phase := range []string{"waiting", "countdown", "running", "results"} {
			counts[[2]string{g, phase}] = 0
		}
	}
	for page := (lobby.Page{Limit: 100}); ; {
		got, err := p.lobbies.List(context.Background(), lobby.Filter{}, page)
		if err != nil {
			return // nothing is better than something wrong
		}
		for _, l := range got.Lobbies {
			if l.Instance == p.instance {
				counts[[2]string{l.Game, l.Phase}]++
			}
		}
		if page.Cursor = got.Next; page.Cursor == "" {
			break
		}
	}
	for at, n := range counts {
		ch <- prometheus.MustNewConstMetric(p.desc, prometheus.GaugeValue, float64(n), at[0], at[1])
	}
}
