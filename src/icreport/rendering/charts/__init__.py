"""Charts as drawings, and as what office formats have for them; the drawing needs the extra `icreport[charts]`."""
