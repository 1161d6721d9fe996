// Package assets holds the web client and serves it: the page at /, its hashed
// files under /static/, and the client SDK under /sdk/: sandlot.js, and
// matchmaking.js, which that loads when it is first used.
//
// The client is TypeScript (folders sdk, web and e2e, one npm workspace). "npm run
// build" bundles it into web/dist, which is embedded into the binary. The
// package builds without Node too: a page then says to run "make web".
//
// It starts no goroutines. Memory is bounded by the embedded files: each is held
// once as it is and, after the first request that accepts it, once compressed.
package assets
