// Package api is Sandlot over HTTP: guests, games, lobbies and quick play, as
// JSON under /v1/, described by an OpenAPI 3.1 document at /openapi.json and a
// page to read at /docs, which needs no script and no other host.
//
// It holds no state of its own but for a bounded table of addresses and their
// rates, and starts no goroutine: all it does happens on the goroutine of the
// request. Whatever it is asked is handed to Lobbies; what they refuse becomes
// problem+json (RFC 9457) with a stable code by the one table in errors.go.
//
// Bounds: a body of Config.BodyBytes (413), read within Config.BodyTimeout (408);
// a page of 100 lobbies; Config.Rate POST requests a second from an address (429
// with Retry-After); 16384 addresses, above which the ones longest quiet are
// forgotten.
package api
