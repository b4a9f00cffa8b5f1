# SPDX-License-Identifier: BSD-3-Clause
# make run    the flagship pipeline over a capture of RoCEv2 traffic
# make test   every test
# The rest: build bench benchmark-nic bench-record congestion hotpath embedded fuzz format lint docs
# example install clean deps

PREFIX ?= /usr/local
SWIFT ?= swift
RELEASE := .build/release/sluice
BENCHMARK_NIC := .build/benchmarks/nic/release/benchmark-nic
INSTALLED = $(DESTDIR)$(PREFIX)
SOURCES := Package.swift $(shell find Sources -type f)
FORMATTED := Package.swift Sources Tests Fuzz $(wildcard Benchmarks Examples)

# What Debian calls the things that Sluice is built with, and that its tests are held against.
PACKAGES := build-essential pkg-config libdpdk-dev libisal-dev libpcap-dev libyaml-dev \
  libmicrohttpd-dev libsqlite3-dev libfixbuf-dev
TEST_PACKAGES := dpdk iproute2 tshark python3-scapy python3-jsonschema python3-yaml zsh fish \
  prometheus python3-prometheus-client curl sqlite3 nfdump tmux
# dpdk-testpmd, which the benchmark runs beside.
BENCH_PACKAGES := dpdk-dev

.PHONY: run build test test-oracle test-html bench benchmark-nic bench-record hotpath embedded \
  fuzz format lint docs example install clean deps test-deps bench-deps

run: deps $(RELEASE)
	@$(RELEASE) replay Pipelines/flagship.yaml

build: deps $(RELEASE)

$(RELEASE): $(SOURCES)
	$(SWIFT) build -c release --product sluice --static-swift-stdlib
	@touch $@

deps:
	@Tools/install-packages $(PACKAGES)

test-deps:
	@Tools/install-packages $(PACKAGES) $(TEST_PACKAGES)

bench-deps:
	@Tools/install-packages $(PACKAGES) $(TEST_PACKAGES) $(BENCH_PACKAGES)

test: test-deps
	Tools/test

# Packets that scapy makes of every opcode, as Sluice reads them; and rules by the ten thousand, and
# over huge ranges, as it finds them. What it reports of queue pairs in captures of others, where
# they are beside the checkout.
CAPTURES := $(wildcard ../shared/captures/rxe/*.pcap ../shared/captures/public/*roce*.pcap)

test-oracle: test-deps $(RELEASE)
	/usr/bin/python3 Tests/Oracle/roce.py $(RELEASE)
	/usr/bin/python3 Tests/Oracle/rules.py $(RELEASE)
	$(if $(CAPTURES),/usr/bin/python3 Tests/Oracle/telemetry_report.py $(RELEASE) $(CAPTURES))

# The page of a report, as a browser reads it: the browser takes long to install.
test-html: test-deps
	@Tools/install-packages chromium
	$(SWIFT) test --filter ReportOutputTests

# So many flows, a packet each, are forwarded too; their buffers take 164 MB in each program. And
# writes of so many queue pairs, which a program of the benchmark's own makes.
FLOWS ?= 65536
QUEUE_PAIRS ?= 65536

# Open vSwitch is measured where it is installed, and where there are hugepages for it.
bench: bench-deps $(RELEASE) $(BENCHMARK_NIC)
	Benchmarks/wire/run
	HUGEPAGES=400 Benchmarks/with-hugepages Benchmarks/compare --flows $(FLOWS) \
	  --queue-pairs $(QUEUE_PAIRS)
	HUGEPAGES=1024 Benchmarks/with-hugepages Benchmarks/compare-ovs
	HUGEPAGES=400 Benchmarks/with-hugepages Benchmarks/observe-queue-pairs
	HUGEPAGES=400 Benchmarks/with-hugepages Benchmarks/scrape

bench-record: bench-deps $(RELEASE) $(BENCHMARK_NIC)
	HUGEPAGES=400 Benchmarks/with-hugepages Benchmarks/compare --flows $(FLOWS) \
	  --queue-pairs $(QUEUE_PAIRS) --record

# Sluice with a stage that makes traffic. The list of a package's sources that it depends on is not
# read again when a file is new, unless its manifest is.
benchmark-nic: deps $(BENCHMARK_NIC)

$(BENCHMARK_NIC): $(SOURCES) $(shell find Benchmarks/nic -name '*.swift')
	@touch Package.swift Benchmarks/nic/Package.swift
	$(SWIFT) build --package-path Benchmarks/nic --scratch-path .build/benchmarks/nic \
	  -c release --static-swift-stdlib
	@touch $@

# DCQCN in a closed loop of virtual time; fails when it does not converge.
congestion: $(RELEASE)
	Benchmarks/congestion

# Fails when code that a packet passes through calls the Swift runtime or allocates.
hotpath: deps $(RELEASE)
	Tools/hotpath $(RELEASE)

# Fails when the packet formats need reflection, metadata or existentials.
embedded:
	Tools/embedded

# Looks for inputs that break something: TIME seconds for each target, or for the one TARGET.
fuzz: deps
	TIME="$(TIME)" Fuzz/run $(TARGET)

format:
	$(SWIFT) format -i -r $(FORMATTED)

lint:
	$(SWIFT) format lint --strict -r $(FORMATTED)

# The reference pages, from the stages' declarations.
docs: deps $(RELEASE)
	Tools/reference-pages $(RELEASE)

# A package of one's own, with a stage of its own, over a capture.
example: deps
	$(SWIFT) run --package-path Examples/decrement-ttl \
	  --scratch-path .build/examples/decrement-ttl nic \
	  replay Examples/decrement-ttl/router.yaml --in in=Pcaps/rc_write_ce.pcap

# Paths in a pipeline file begin where sluice is started. The installed examples run from anywhere:
# they name the installed captures in full.
install: build
	install -D -m 755 $(RELEASE) $(INSTALLED)/bin/sluice
	install -d $(INSTALLED)/share/sluice/Pipelines $(INSTALLED)/share/sluice/Pcaps
	for file in Pipelines/*.yaml; do \
	  sed -E 's,(^|[ :="])(Pcaps|Pipelines)/,\1$(PREFIX)/share/sluice/\2/,g' $$file \
	    > $(INSTALLED)/share/sluice/$$file || exit 1; \
	done
	install -m 644 Pcaps/*.pcap $(INSTALLED)/share/sluice/Pcaps
	install -d $(INSTALLED)/share/bash-completion/completions \
	  $(INSTALLED)/share/zsh/site-functions $(INSTALLED)/share/fish/vendor_completions.d
	$(RELEASE) completions bash > $(INSTALLED)/share/bash-completion/completions/sluice
	$(RELEASE) completions zsh > $(INSTALLED)/share/zsh/site-functions/_sluice
	$(RELEASE) completions fish > $(INSTALLED)/share/fish/vendor_completions.d/sluice.fish

clean:
	rm -rf .build out
