// Package auth issues and verifies what says who a client is and where it may
// go: player tokens, passes and resume tokens, all of them JWTs. The three are
// kept apart by their audience and a "use" claim, so that one is never taken
// for another. Ours are HS256; players' tokens of an external issuer are
// checked with a shared secret, a public key file or a JWKS URL.
//
// Methods are safe for concurrent use. New starts no goroutine; Run keeps the
// JWKS fresh and is only needed with one. A token is at most 2 KiB and is
// looked at only when it has two dots. Tokens never appear in errors.
package auth
