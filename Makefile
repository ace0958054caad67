# Everything that a developer types. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test lint contracts format train clean

# The Node.js that scripts/setup.sh fetched, where it had to fetch one, and the tools of node_modules.
export PATH := $(CURDIR)/.toolchain/node/bin:$(CURDIR)/node_modules/.bin:$(PATH)

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is needed: Debian packages, Node.js, npm packages, the OpenCV add-on
	@scripts/setup.sh

demo: setup ## run a whole simulated checkpoint with its pages
	@./kordon demo

test: setup lint ## check everything and run every test
	@vitest run

lint: setup ## check format, lint rules, types, import boundaries, house rules and dead code
	@biome check --error-on-warnings
	@tsc -p .
	@node scripts/tidy/main.ts
	@knip
	@knip --production --include files,exports,types

contracts: setup ## write what is generated from the code: site schema and reference
	@node scripts/write-contracts.ts

format: setup ## format and fix what can be fixed by itself
	@biome check --write

train: ## make the plate networks anew from drawn pictures (hours; may be stopped and taken up again)
	@training/train.sh

clean: ## remove everything that setup made; data under var/ stays
	rm -rf node_modules .toolchain coverage
