// Package queue is where players wait to be matched: tickets and parties, and
// the matcher that puts them into lobbies.
//
// A ticket is the wish of one player or one party to play a mode of a game. It
// is queued, then matched, expired or cancelled; with a mode that asks, it is
// offered in between, until all have accepted. A Book keeps tickets, each
// change of them atomic, and knows nothing else. A Queue is what players ask, and
// its Run is the matcher: it reads the Book each interval, lets package match
// decide, opens the lobbies and writes down what became of each ticket.
//
// Tickets that lost their match because others did not accept go on with the
// time that they have waited, so they are the first to be matched again.
//
// # Many instances, one queue
//
// Alone, tickets are in memory and this instance always matches. With
// bus.Records they are shared: players ask whichever instance they like, and
// tickets outlive any of them. One instance at a time leads and matches. It does
// so in a term; what it decides is written with the term, and refused when a newer
// one has begun, so that a matcher which was frozen or cut off decides nothing
// when it comes back: at most it has opened a lobby to which nobody comes, which is
// called off. Leading is a lease of Config.Lease, by the clock of the records; who
// dies is replaced within that and half a second more, who stops at once.
//
// Who waits is woken over the bus, and looks for itself once a second in case
// that was lost. While the records cannot be asked new tickets are refused, and
// who waits goes on waiting. Records that were put back to an earlier time, as whoever
// has seen them count more notices, are forgotten by all: what is in them may have been
// decided since. If they are lost, so or otherwise, each instance writes again what
// it knew a moment before, at each poll until all is there. Until then, and for three
// seconds, nothing is decided, and what is not found cannot be asked for, rather than
// not being there. What is known and was not heard of is looked up at every tenth
// poll, so that nothing comes back that others have ended.
//
// Instances stamp tickets with their own clocks: these should agree to a second.
//
// Ratings come from the results of ranked modes, or from what the issuer of a token has
// signed; what a client says of its skill is not asked. With bus.Records they are
// kept there, for all instances and over restarts, a result counting once; alone,
// as long as the process runs.
//
// Goroutines, all within Queue.Run: the matcher, the rating of results, and for
// each of tickets and parties, if shared, one that polls and one that tells
// others; one that leads. Bounds: Config.Tickets tickets, parties and remembered
// ratings by player; a ticket lives at most Config.TTL and is known for Config.Keep
// after its end; a party is forgotten when nobody asked for it for
// Config.PartyTTL; results wait in a queue of 1,024, and further ones are not rated,
// which is logged; 50,000 ids wait to be told to others, who see further ones a
// second later.
package queue
