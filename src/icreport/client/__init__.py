"""The service: sessions, jobs and their content."""
