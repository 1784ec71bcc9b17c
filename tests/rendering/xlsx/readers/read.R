# usage: Rscript read.R FILE…: a line for each row of each table, a cell as KIND:VALUE
kinds <- c(numeric = "n", logical = "b", character = "s", POSIXct = "d")
for (file in commandArgs(TRUE)) for (sheet in readxl::excel_sheets(file)) {
  table <- as.data.frame(readxl::read_excel(file, sheet, skip = 1, trim_ws = FALSE))
  cat(paste0("s:", names(table), collapse = "|"), "\n", sep = "")
  for (row in seq_len(nrow(table))) cat(paste(sapply(table[row, ], function(value)
    if (is.na(value)) "-" else {
      text <- if (is.logical(value)) tolower(value) else as.character(value)
      paste0(kinds[[class(value)[1]]], ":", gsub("\n", "~", text))
    }), collapse = "|"), "\n", sep = "")
}
