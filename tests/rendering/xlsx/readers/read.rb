# usage: ruby read.rb whole|stream FILE…: a line for each row, a cell as KIND:VALUE
require "roo"
kinds = { Integer => "n", Float => "n", TrueClass => "b", FalseClass => "b", Date => "d", Roo::Link => "s", String => "s" }
ARGV.drop(1).each do |file|
  book = Roo::Excelx.new(file)
  book.sheets.each do |name|
    sheet = book.sheet(name)
    rows = ARGV[0] == "stream" ? sheet.each_row_streaming.map { |row| row.map(&:value) } : sheet.to_a
    rows.each { |row| puts row.map { |value| value.nil? ? "-" : "#{kinds[value.class]}:#{value.to_s.gsub("\n", "~")}" }.join("|") }
  end
end
