# Sandlot. The two commands: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO_FILES := $(shell find cmd game net lobby assets -name node_modules -prune -o -name '*.go' -print)
WEB_FILES := $(shell find assets -name node_modules -prune -o -path assets/web/dist -prune -o -path assets/e2e/out -prune -o -type f -print)

.PHONY: help run build web test fuzz soak hostile bench bench-quick bench-viewers bench-beside cluster cluster-bench release clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' Makefile

run: build ## build everything and serve a game at http://localhost:7777
	@bin/sandlot serve

build: bin/sandlot ## web client and binary: bin/sandlot

web: assets/web/dist/index.html ## bundle the web client and the SDK

bin/sandlot: assets/web/dist/index.html go.mod go.sum $(GO_FILES)
	@CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/sandlot-server/sandlot/cmd.Version=$(VERSION)" -o $@ ./cmd/sandlot

assets/node_modules/.installed: assets/package.json assets/package-lock.json
	@command -v npm >/dev/null || { echo "Sandlot's web client needs Node 20 or newer with npm; install those and run this again." >&2; exit 1; }
	@cd assets && npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

assets/web/dist/index.html: assets/node_modules/.installed $(WEB_FILES)
	@cd assets && npm run --silent build >/dev/null
	@touch $@

test: ## every check there is; installs what is missing with apt
	@.ci/test

fuzz: ## fuzz every target for FUZZTIME each (default 60s)
	@.ci/fuzz $${FUZZTIME:-60s}

soak: ## 500 bots, faults and attackers for SOAK (default 10m); ends with memory slope, goroutines, invariants
	@go test ./cmd/hostile -count=1 -run '^TestSoak$$' -timeout 0 -v -soak $${SOAK:-10m} -soak-bots $${BOTS:-500} | grep -v '^=== '

hostile: ## attack the real program and print the table: input, expected, got
	@go test -count=1 -v ./cmd/hostile | grep '^|\|^FAIL\|^ok\|want'

bin/bench: bin/sandlot $(GO_FILES)
	@CGO_ENABLED=0 go build -o $@ ./cmd/bench

bench: bin/bench ## cost and capacity beside a bare gws server: table, bin/bench.json, bin/bench.svg (about 15 minutes)
	@bin/bench -clients 100,200,400,800,1600,3200 -sizes 8,32,100,200 -matches -idle 5000 -capacity -json bin/bench.json -plot bin/bench.svg

bench-viewers: bin/bench ## what a match costs its home with 1 and 2,000 spectators on another instance: table (about 2 minutes)
	@.ci/need redis-server
	@bin/bench -clients "" -viewers 1,2000 -rounds 3

bench-beside: bin/bench ## those who play beside a storm of reconnects, and beside slow and dead clients: table (about 4 minutes)
	@bin/bench -clients "" -storm $${STORM:-1000} -slow

bench-quick: bin/bench ## what make bench does, at 800 clients alone: table (under a minute)
	@bin/bench -clients 800 -rounds 3 -warm 1s -window 5s -limit 58s

bin/cluster: bin/sandlot $(GO_FILES)
	@CGO_ENABLED=0 go build -o $@ ./cmd/cluster/run

cluster: bin/cluster ## three instances as one, with Redis and nginx, at http://127.0.0.1:PORT (default 7777); Ctrl-C stops them
	@.ci/need redis-server nginx
	@exec bin/cluster --listen 127.0.0.1:$${PORT:-7777}

cluster-bench: bin/cluster ## BOTS (default 900) on three instances and on one, parts killed on the way: table (about 4 minutes)
	@.ci/need redis-server nginx
	@exec bin/cluster bench --bots $${BOTS:-900} --time $${TIME:-90s}

release: ## tag VERSION=v1.2.3 with the built client in it, as games in modules of their own need it
	@.ci/release $(VERSION)

clean: ## remove what was built
	rm -rf bin .cache assets/node_modules assets/e2e/out && find assets/web/dist -mindepth 1 ! -name .keep -delete
