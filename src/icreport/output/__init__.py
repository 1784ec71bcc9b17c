"""Where documents go: a file, folder, ZIP archive, stream or URL that gets all of a document or nothing."""
