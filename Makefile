# Everything a newcomer needs, one line each; `make` alone lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Else each of the many processes compiles again all that it imports.
unexport PYTHONDONTWRITEBYTECODE
# One environment in three sizes; a command adds what it needs when it is first run.
LESSONS_READY := .venv/.lessons
KERAS_READY := .venv/.keras
READY := .venv/.ready
CLASS ?= classroom
NB ?= notebooks/01_neuron/01_neuron.ipynb
HINT ?= 0
ready_for = $(if $(findstring keras,$(1:all=10_keras))$(filter 10,$(1)),$(KERAS_READY),$(LESSONS_READY))
LESSONS ?= 01_neuron 02_activations 03_logistic_regression
DEMO = $(if $(filter all,$(LESSONS)),,$(LESSONS:%=--lesson %))
PYTEST := $(BIN)/python -m pytest -n auto --dist loadgroup
# Markers of tests that a change seldom needs; pyproject.toml says what each costs.
REST := all_lessons or browser or cluster or kernel or patient or server or tensorflow

# One lesson alone: it is what is generated and said of it, its solution passes all
# checks, visible and hidden, and its catalogue is judged as it has to be.
define PROVE
$(BIN)/autograder build $(LESSON) --check
$(BIN)/autograder audit $(LESSON) --no-mutants
endef

##@ Students and self-learners
.PHONY: lab try progress keras data site
lab: $(LESSONS_READY)  ## open JupyterLab on notebooks/, with nbgrader's extensions
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks
try: $(call ready_for,$(NB))  ## run the checks of NB=NOTEBOOK; HINT=1, ARGS=--all
	@$(BIN)/autograder check "$(NB)" --hint $(HINT) $(ARGS) || [ -t 1 ]
progress: $(LESSONS_READY)  ## points, and what to do next; after try ARGS=--all
	@$(BIN)/autograder progress
keras: $(KERAS_READY)  ## add TensorFlow, which lesson 10 alone needs
data: $(LESSONS_READY)  ## full data sets; ARGS="mnist --mirror URL", "--from DIR"
	$(BIN)/autograder data $(ARGS)
site: $(READY)  ## lessons to read, in build/site/; ARGS="--repository URL"
	$(BIN)/autograder site $(ARGS)

##@ Instructors
.PHONY: demo bundle grade feedback doctor
demo: $(call ready_for,$(LESSONS))  ## make up a class, grade it, write feedback; LESSONS=all
	$(BIN)/autograder demo-class --small $(DEMO) $(CLASS)
	$(BIN)/autograder grade --classroom $(CLASS)
	$(BIN)/autograder feedback --classroom $(CLASS)
	$(BIN)/autograder show --classroom $(CLASS)
bundle: $(LESSONS_READY)  ## build/neuron-by-neuron.zip, for students; ARGS="02 03"
	$(BIN)/autograder bundle $(ARGS)
grade: $(call ready_for,$(wildcard $(CLASS)/submitted/*/*))  ## grade all that is new or changed in CLASS=classroom
	$(BIN)/autograder grade --classroom $(CLASS)
feedback: $(LESSONS_READY)  ## write feedback pages for CLASS=classroom
	$(BIN)/autograder feedback --classroom $(CLASS)
doctor: $(LESSONS_READY)  ## versions and sandbox layers, with what to do about gaps
	$(BIN)/autograder doctor

##@ Authors
.PHONY: notebooks check test test-rest test-all audit attacks check-real-data \
  bench compare-course soak fuzz set-up-cost lint dev lock release
dev: $(READY)  ## set up all that these commands need
notebooks: $(READY)  ## rebuild notebooks/ and solutions/ from lessons/
	$(BIN)/autograder build
check: $(READY)  ## fail if they are not what the source generates
	$(BIN)/autograder build --check
test: $(READY)  ## what every change needs; ARGS="-k gate"; LESSON=02
	$(if $(LESSON),$(PROVE),$(PYTEST) -m "not ($(REST))" $(ARGS))
test-rest: $(READY)  ## what takes longer: all lessons, browsers, clusters
	$(PYTEST) -m "$(REST)" $(ARGS)
test-all: test test-rest  ## the whole test suite
audit: $(READY)  ## prove the tests, write docs/audit.md; ARGS=02_activations
	$(BIN)/autograder audit $(ARGS)
	$(BIN)/autograder audit --cells $(filter-out --check,$(ARGS))
attacks: $(READY)  ## grade attackers, write a page; ARGS="--stock all"
	$(BIN)/python -m tests.attacks.table --write docs/attacks.md $(ARGS)
check-real-data: $(READY)  ## train on the full Fashion-MNIST; MOODS=file of real songs
	$(BIN)/python -m tests.support.real_data $(if $(MOODS),--moods "$(MOODS)")
bench: $(READY)  ## time ours and stock nbgrader, write docs/benchmark.md
	$(BIN)/python -m bench.speed $(ARGS)
compare-course: $(READY)  ## marks and times of the nbgrader course COURSE, and stock's
	$(BIN)/python -m bench.public_course "$(COURSE)" $(ARGS)
soak: $(READY)  ## grade 1,000, disturb runs; ARGS="--submissions 10000"
	$(BIN)/python -m bench.soak $(ARGS)
fuzz: $(READY)  ## spoil what comes in from outside; ARGS="--minutes 60"
	$(BIN)/python -m bench.fuzz $(ARGS)
set-up-cost:  ## measure what setting up takes, with uv and with pip
	$(PYTHON) -m bench.set_up_cost
lint: $(READY)  ## ruff; which room may import which
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-logo
COMPILE := uv pip compile pyproject.toml --universal --fork-strategy fewest \
  --generate-hashes --no-emit-index-url --no-header --quiet
PART := $(COMPILE) --no-annotate -c requirements.lock --extra checkout --extra lessons
lock:  ## resolve the three lists of packages again; needs uv
	$(COMPILE) --all-extras -o requirements.lock
	$(PART) --extra keras -o requirements-students.lock
	$(PART) -o requirements-without-tensorflow.lock
release: $(READY)  ## wheel, sources, bundle, checksums; KEY=SSH-KEY
	rm -rf build/release build/lib build/bdist.* && mkdir -p build/release
	$(BIN)/python -c "from setuptools import build_meta as b; \
	  b.build_sdist('build/release'); b.build_wheel('build/release')" >/dev/null
	$(BIN)/autograder bundle build/release/neuron-by-neuron.zip --classroom build/release
	cd build/release && sha256sum *.whl *.tar.gz *.zip >SHA256SUMS
	$(if $(KEY),ssh-keygen -Y sign -q -f "$(KEY)" -n neuron-by-neuron \
	  build/release/SHA256SUMS)

# Larger ones hold the smaller.
$(LESSONS_READY): requirements-without-tensorflow.lock pyproject.toml
	@$(PYTHON) install.py lessons
	@touch $@
$(KERAS_READY): requirements-students.lock pyproject.toml
	@$(PYTHON) install.py keras
	@touch $(LESSONS_READY) $@
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) install.py all
	@touch $(LESSONS_READY) $(KERAS_READY) $@

.PHONY: help
help:  ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@ /{printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
