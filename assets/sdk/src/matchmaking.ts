// Tickets, parties, lists that keep themselves up to date, and knocking: what only some programs need, so it is loaded when first used. Nothing of
// the rest of the package is imported here but types.
export { knock } from './knock.js'
export { Party } from './party.js'
export { queue, Ticket } from './ticket.js'
export { watch } from './watch.js'
