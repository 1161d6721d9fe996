// Package queue is where players wait to be matched: tickets and parties, and
// the matcher that puts them into lobbies.
//
// A ticket is the wish of one player or one party to play a mode of a game. It
// is queued, then matched, expired or cancelled; with a mode that asks, it is
// offered in between, until all have accepted. A Book keeps tickets, each
// change of them atomic, and knows nothing else: it is the seam at which
// instances will share one queue. A Queue is what players ask, and its Run is
// the matcher: it reads the Book each interval, lets package match decide, opens
// the lobbies and writes down what became of each ticket.
//
// Tickets that lost their match because others did not accept go on with the
// time that they have waited, so they are the first to be matched again.
//
// Ratings come from the results of ranked modes alone; what a client says of its
// skill is not asked. With a Store they are kept there, for all instances and
// over restarts; alone, as long as the process runs.
//
// Goroutines: one, of Queue.Run. Bounds: Config.Tickets tickets, parties and
// remembered ratings by player; a ticket lives at most Config.TTL and is known
// for Config.Keep after its end; a party is forgotten when nobody asked for it
// for Config.PartyTTL; results wait in a queue of 1,024, and further ones are not
// rated, which is logged.
package queue
