.PHONY: help demo test
help:  ## say what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
demo:  ## set up and convert the samples into out/
	@sh scripts/demo
test:  ## set up, lint, check types and run the tests
	@sh scripts/test
