"""Themes: a folder with any of `theme.toml`, `theme.css` and templates, laid over ours."""
