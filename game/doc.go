// Package game is the contract between Sandlot and the rules of a game.
package game
