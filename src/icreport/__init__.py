"""Turns the content of NEXUS IC report jobs into HTML, PDF, XLSX and CSV documents."""
