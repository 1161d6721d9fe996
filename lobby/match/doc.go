// Package match decides who plays with whom. It is pure arithmetic: it reads no
// clock, takes no lock and knows neither lobbies nor sockets; equal input gives
// equal output.
package match
