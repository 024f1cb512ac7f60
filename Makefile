# `make run` brings the whole site up; `make test` tests it. Both set up what they need.

VENV := .venv
PY := $(VENV)/bin/python
PYTEST := $(PY) -m pytest -n 2 --timeout 300

# A secret for one command: no file holds one that a site would start with.
drawn = $(shell od -An -N32 -tx1 /dev/urandom | tr -d ' \n')

# What the settings need in order to be read where nothing is served.
SOME_ENVIRONMENT := \
  DATABASE_URL=postgresql://nobody@127.0.0.1:1/none \
  REDIS_URL=redis://127.0.0.1:1/0 \
  COPROD_HTTPS=true \
  COPROD_SECRET_KEY=$(drawn) \
  COPROD_DATA_KEY=$(drawn)

.PHONY: run test test-slow check check-types check-django bench bench-allocation bench-looks bench-export bench-export-meanwhile bench-monitor bench-memory bench-start bench-partitions capacity capacity-costs capacity-check budget lighthouse chaos fuzz audit sbom missing-texts format clean packages dev-packages browser

run: packages
	@exec $(PY) -m coprod_site.launcher

test: dev-packages browser
	$(PYTEST) -m "not slow"

# pytest ends with 5 where no test is marked slow.
test-slow: dev-packages browser
	$(PYTEST) -m slow || [ $$? -eq 5 ]

check: dev-packages check-types check-django
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports
	$(PY) -m djlint --quiet --check templates
	$(PY) -m djlint --quiet --lint templates
	$(MAKE) --silent audit

# The list of what is inside, from the lock that runs; the same lock gives the same bytes.
sbom: dev-packages
	@$(PY) -m supply.sbom

# What is known against the packages of both lock files. Where nobody can be asked that is said, and is
# an error only with AUDIT=required; AUDIT_URL names another service than the package index.
audit: dev-packages
	@$(PY) -m supply.audit requirements.lock requirements-dev.lock

check-types: dev-packages
	$(SOME_ENVIRONMENT) $(PY) -m mypy --strict .

check-django: dev-packages
	$(PY) manage.py makemigrations --check --dry-run
	$(SOME_ENVIRONMENT) $(PY) manage.py check --deploy --fail-level WARNING

# Every suite in a short form, and one table; docs/performance.md says how to read it.
bench: dev-packages
	@$(PY) -m benchmarks

.PHONY: bench-pages bench-burst bench-admin bench-growth

# Journeys per second through the site beside a floor.
bench-pages: dev-packages
	@$(PY) -m benchmarks.pages

# 5,000 arrivals in a minute, whatever the site makes of those before them.
bench-burst: dev-packages
	@$(PY) -m benchmarks.burst

# How participants fare while somebody goes through all pages of the desk, and how long those take.
bench-admin: dev-packages
	@$(PY) -m benchmarks.admin

# What grows with the number of participants, and how: pages, allocation, the desk.
bench-growth: dev-packages
	@$(PY) -m benchmarks.growth

# Allocations per second beside a bare UPDATE and a bare INSERT; docs/performance.md, Allocation.
bench-allocation: dev-packages
	@$(PY) -m benchmarks.allocation

# Looks of many participants, and their estimates beside statsmodels'; docs/performance.md, Looks.
bench-looks: dev-packages
	@$(PY) -m benchmarks.looks

# Exports beside a bare COPY of the same columns, and how they grow with participants.
bench-export: dev-packages
	@$(PY) -m benchmarks.export

# How participants fare while the desk exports a million rows.
bench-export-meanwhile: dev-packages
	@$(PY) -m benchmarks.export.meanwhile

# What the monitor of a million participants asks of the database.
bench-monitor: dev-packages
	@$(PY) -m benchmarks.monitor

# What each page costs, counted anew: statements, round trips, bytes, function calls. `make test` holds
# the site to the file that this writes.
budget: dev-packages
	@$(PY) -m benchmarks.budget

# Tables of submissions cut into parts while participants answer; docs/scaling.md, Parts.
bench-partitions: dev-packages
	@$(PY) -m benchmarks.partitions

# What a participant's costs come to; costs measured anew; the model held against half a machine.
capacity: dev-packages
	@$(PY) -m benchmarks.capacity

capacity-costs: dev-packages
	@$(PY) -m benchmarks.capacity.measure

capacity-check: dev-packages
	@$(PY) -m benchmarks.capacity.check
# Seconds from `make run` to the first page, set up and of a fresh clone.
bench-start: dev-packages
	@$(PY) -m benchmarks.start

# Memory of each process of `make run`, at rest and after journeys.
bench-memory: dev-packages
	@$(PY) -m benchmarks.memory

# Load, and faults at seeded moments: make chaos SEED=7 MINUTES=30; docs/reliability.md.
chaos: dev-packages
	@$(PY) -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(CHAOS)

# Odd input for parsers, the participant's protocol and the API: make fuzz MINUTES=10 SEED=7; docs/security.md.
fuzz: dev-packages
	@$(PY) -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(FUZZ)

# Participants' pages as a phone on a slow line sees them; needs Node 20.
lighthouse: dev-packages
	@$(PY) -m benchmarks.lighthouse

# Texts of the desk that have no Korean yet, as entries to fill in.
missing-texts: dev-packages
	@$(SOME_ENVIRONMENT) DJANGO_SETTINGS_MODULE=coprod_site.settings $(PY) -m coprod_site.catalogue

format: dev-packages
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m djlint --quiet --reformat templates

# Keeps var/: it holds the database and the keys to it.
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -path ./$(VENV) -prune -o -name '*.mo' -print | xargs rm -f

packages:
	@sh setup/install.sh requirements.lock

dev-packages:
	@sh setup/install.sh requirements-dev.lock requirements.lock

browser: dev-packages
	@sh setup/browser.sh
