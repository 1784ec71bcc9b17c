.PHONY: help demo test check docs fuzz fuzz-workbooks fuzz-guided bench
help:  ## say what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16
demo:  ## set up and convert the samples into out/
	@sh scripts/demo
test:  ## set up, lint, check types and run the tests
	@sh scripts/test
check:  ## set up, lint and check types
	@sh scripts/check
docs:  ## build the docs into build/docs
	@sh scripts/setup test
	.venv/bin/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict --quiet
fuzz:  ## throw broken and hostile input at everything (INPUTS=200000 PDF=2000 SEED=2)
	@.venv/bin/python tests/fuzz --inputs $(or $(INPUTS),20000) --pdf $(or $(PDF),100) --seed $(or $(SEED),1)
fuzz-workbooks:  ## have the Open XML SDK look at random workbooks (WORKBOOKS=500 SEED=2)
	@.venv/bin/python tests/fuzz/workbooks.py --workbooks $(or $(WORKBOOKS),500) --seed $(or $(SEED),1)
fuzz-guided:  ## have atheris look for input that breaks one thing (TARGET=reading SECONDS=60)
	@mkdir -p build/fuzz/$(or $(TARGET),reading)
	@.venv/bin/python tests/fuzz/guided.py $(or $(TARGET),reading) -max_total_time=$(or $(SECONDS),60) \
		-artifact_prefix=build/fuzz/ build/fuzz/$(or $(TARGET),reading)
bench:  ## run every benchmark and write the tables of the docs; half an hour
	@sh scripts/bench
