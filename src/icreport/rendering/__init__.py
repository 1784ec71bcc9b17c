"""Elements → document: what a renderer is, which there are, and one module a format."""
