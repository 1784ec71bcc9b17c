// usage: node read.js FOLDER_OF_MODULES READER FILE… : a line for each row, a cell as KIND:VALUE
const [modules, reader, ...files] = process.argv.slice(2);
const load = (name) => require(`${modules}/${name}`);
const kinds = { number: "n", boolean: "b", string: "s" };
const cell = (value) => {
  if (value && value.hyperlink) value = value.text;
  if (value && value.formula) value = value.result;
  if (value === null || value === undefined) return "-";
  if (value instanceof Date) return "d:" + value.toISOString().slice(0, 10);
  return kinds[typeof value] + ":" + String(value).replaceAll("\n", "~");
};
const show = (rows) => rows.forEach((row) => console.log(Array.from(row || [], cell).join("|")));
const readers = {
  async exceljs(file) {
    const book = new (load("exceljs").Workbook)();
    await book.xlsx.readFile(file);
    book.worksheets.forEach((sheet) => sheet.eachRow((row) => show([row.values.slice(1)])));
  },
  async "exceljs-stream"(file) {
    const options = { styles: "cache", sharedStrings: "cache", worksheets: "emit" };
    const sheets = new (load("exceljs").stream.xlsx.WorkbookReader)(file, options);
    for await (const sheet of sheets) for await (const row of sheet) show([row.values.slice(1)]);
  },
  async xlsx(file) {
    const book = load("xlsx").readFile(file, { cellDates: true });
    book.SheetNames.forEach((name) => show(load("xlsx").utils.sheet_to_json(book.Sheets[name], { header: 1 })));
  },
  async "read-excel-file"(file) {
    for (const { data } of await load("read-excel-file/node").default(file, { trim: false })) show(data);
  },
};
(async () => {
  for (const file of files) await readers[reader](file);
})();
