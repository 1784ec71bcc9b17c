"""Mistakes, one a line, that every type checker finds and that the program refuses."""

import icreport

report = icreport.Report(elements=[icreport.Paragraph(text="Done")])

icreport.Table(captoin="Readings", columns=["Tag"], rows=[])
icreport.Table(columns=5)
icreport.Table(columns=["Tag"], rows=5)
icreport.Paragraph(tekst="Done")
icreport.Paragraph(caption=5)
icreport.Section(capiton="End")
icreport.Column(name="Tag")
icreport.Report(name="R")
icreport.Report(elements=[5])
icreport.Report(elements=[], titel="R")
icreport.UnknownElement(kind="map")
icreport.write(5, "out.csv")
icreport.covnert("report.json", "report.pdf")
icreport.convert("report.json", "report.pdf", strict="yes")
