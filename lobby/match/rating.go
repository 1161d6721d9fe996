package match

import "math"

// The scale of ratings: a new player's skill is normal with mean 25 and standard
// deviation 25/3, and one of them playing a step of 25/6 (a class) better wins
// about three times in four.
const (
	startMu    = 25.0
	startSigma = 25.0 / 3
	beta       = 25.0 / 6   // how much a player's play varies from one match to another
	tau        = 25.0 / 300 // how much skill itself may have moved since the last match
	kappa      = 1e-4       // the least part of its variance that one match leaves
)

// pointsPerMu makes a new player's Points 1,500.
const pointsPerMu = 60

// Rating is what is believed of a player's skill: a normal distribution with
// mean Mu and standard deviation Sigma. It is of the method of Weng and Lin, "A
// Bayesian Approximation Method for Online Ranking" (JMLR 12, 2011), algorithm 4
// (Plackett-Luce), on the scale of OpenSkill.
type Rating struct {
	Mu    float64 `json:"mu"`
	Sigma float64 `json:"sigma"`
}

// NewRating is that of somebody who has not played yet.
func NewRating() Rating { return Rating{startMu, startSigma} }

// Valid says whether r can be calculated with.
func (r Rating) Valid() bool {
	return r.Sigma > 0 && r.Sigma <= 10*startSigma && math.Abs(r.Mu) <= 100*startMu
}

// Points is Mu as people and tickets know it: a whole number, 1,500 for a new
// player, about 250 more for one who beats that player three times in four.
func (r Rating) Points() int { return int(math.Round(r.Mu * pointsPerMu)) }

// Certain is a rating of so many Points of which there is little doubt.
func Certain(points int) Rating { return Rating{float64(points) / pointsPerMu, 1} }

// Rate returns what teams are believed to be after a match, in the same order.
// Ranks has one number a team, the least for the best; equal ones are a draw.
// Where everyone played alone, each team has one player. A team without players
// is left out of account. Teams and ranks must be equally many.
func Rate(teams [][]Rating, ranks []int) [][]Rating {
	sides := make([]side, len(teams))
	var c2 float64
	for i, t := range teams {
		sides[i] = newSide(t)
		if len(t) > 0 {
			c2 += sides[i].variance + beta*beta
		}
	}
	c := math.Sqrt(c2)
	after := make([][]Rating, len(teams))
	logs, ties := weights(sides, ranks, c)
	for i, t := range teams {
		after[i] = make([]Rating, len(t))
		if len(t) == 0 {
			continue
		}
		omega, delta := change(sides, ranks, logs, ties, c, i)
		v := sides[i].variance
		gamma := math.Sqrt(v) / c
		for j, p := range t {
			s2 := p.Sigma*p.Sigma + tau*tau
			after[i][j] = Rating{
				Mu:    p.Mu + s2/c*omega,
				Sigma: math.Sqrt(s2 * max(1-s2/(c*c)*gamma*delta, kappa)),
			}
		}
	}
	return after
}

// Chance is how likely the first of two teams is believed to beat the other, 0
// to 1.
func Chance(a, b []Rating) float64 {
	var mu, variance float64
	for _, p := range a {
		mu += p.Mu
		variance += p.Sigma * p.Sigma
	}
	for _, p := range b {
		mu -= p.Mu
		variance += p.Sigma * p.Sigma
	}
	return 0.5 * math.Erfc(-mu/math.Sqrt(2*(2*beta*beta+variance)))
}

// side is a team's skill: the sum of its players'.
type side struct {
	players      int
	mu, variance float64
}

func newSide(team []Rating) side {
	s := side{players: len(team)}
	for _, p := range team {
		s.mu += p.Mu
		s.variance += p.Sigma*p.Sigma + tau*tau
	}
	return s
}

// weights returns, for each team, the logarithm of the summed strengths of all
// that did no better than it (strengths overflow, their logarithms do not), and
// how many have its rank.
func weights(sides []side, ranks []int, c float64) (logs []float64, ties []float64) {
	logs, ties = make([]float64, len(sides)), make([]float64, len(sides))
	for q := range sides {
		top := math.Inf(-1)
		for i, s := range sides {
			if s.players > 0 && ranks[i] >= ranks[q] {
				top = max(top, s.mu)
			}
		}
		sum := 0.0
		for i, s := range sides {
			if s.players == 0 || ranks[i] < ranks[q] {
				continue
			}
			sum += math.Exp((s.mu - top) / c)
			if ranks[i] == ranks[q] {
				ties[q]++
			}
		}
		logs[q] = math.Log(sum) + top/c
	}
	return logs, ties
}

// change sums what the match says of team i's mean and of its certainty.
func change(sides []side, ranks []int, logs, ties []float64, c float64, i int) (omega, delta float64) {
	for q, s := range sides {
		if s.players == 0 || ranks[q] > ranks[i] {
			continue
		}
		part := math.Exp(sides[i].mu/c - logs[q])
		if q == i {
			omega += 1 / ties[q]
		}
		omega -= part / ties[q]
		delta += part * (1 - part) / ties[q]
	}
	return omega, delta
}
