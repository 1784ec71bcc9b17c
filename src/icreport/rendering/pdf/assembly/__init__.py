"""Assembly: page content of painted and separately laid-out rows becomes one PDF."""
