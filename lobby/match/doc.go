// Package match decides who plays with whom. It is pure arithmetic: it reads no
// clock, takes no lock and knows neither lobbies nor sockets; equal input gives
// equal output, in whatever order tickets are given.
//
// [Choose] is quick play: which lobby somebody in a hurry joins. [Pair] is the
// queue: it puts waiting tickets into matches by a [Rule]. [Rate] says what a
// match's result makes of its players' ratings.
//
// # How tickets are paired
//
// Tickets of one mode whose attributes are equal meet; nobody else. Of those,
// running lobbies with free places are filled first. Then the oldest ticket
// looks for company around its own rating, nearest first, in the region that is
// best for it, then in its next best one, and so on by age.
//
//   - How far apart the highest and the lowest ticket of a match may be is
//     Rule.Gap, a curve over waiting time. It holds for each ticket in the match,
//     so somebody new is not drawn into a match that only suits somebody old.
//   - A ticket's own best region is always good enough for it; waiting would not
//     make it better. Others are within Rule.Ping, a curve as well.
//   - Past Rule.Patience a ticket takes whoever is nearest, and then its own word
//     decides. The oldest go first, so none starves: past its patience a ticket
//     is in the next match that its attributes, regions and party allow.
//   - Past Rule.FewAfter a match of fewer people is made, past Rule.BotsAfter one
//     with bots.
//
// A party is one ticket: it comes into one match, and into one team. Teams are
// made as equal as swapping finds.
//
// # Bounds
//
// A ticket looks at 64 others and 8 for each place, a ticket past its patience
// at all, and one call at three million in all, however hopeless what waits is;
// packing parties into many teams counts as looking, too. The oldest come first;
// the last quarter of the looks is for others that they would leave without, from
// another one on in each call. At most 64 regions and 1,000,000 tickets are
// considered. 100,000 waiting tickets are paired within 250 ms.
package match
