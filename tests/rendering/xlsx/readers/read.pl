# usage: perl read.pl FILE…: a line for each row, a cell as KIND:VALUE (booleans are text to this reader)
use Spreadsheet::ParseXLSX;
for my $file (@ARGV) { for my $sheet (Spreadsheet::ParseXLSX->new->parse($file)->worksheets) {
  my ($first, $last) = $sheet->row_range;
  my ($left, $right) = $sheet->col_range;
  for my $row ($first .. $last) { print join("|", map {
    my $cell = $sheet->get_cell($row, $_);
    my $value = $cell ? $cell->value : "";
    $value =~ s/\n/~/g;
    my $kind = $value =~ /^(TRUE|FALSE)$/ ? "b" : $cell && $cell->type eq "Text" ? "s" : $value =~ /-/ ? "d" : "n";
    $value = lc $value if $kind eq "b";
    $value eq "" ? "-" : "$kind:$value" } $left .. $right), "\n" }
} }
