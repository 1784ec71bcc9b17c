.PHONY: demo test
demo:
	@sh scripts/demo
test:
	@sh scripts/test
