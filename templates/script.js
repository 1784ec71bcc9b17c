"use strict";
/* Sort, search, filter, copy and download for every table that has heads. Reads what the page shows; asks nobody for anything. */
(() => {
  const SLICE = 4000;
  const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  const number = /^[+-]?\d+(?:[., ]\d+)*(?:[eE][+-]?\d+)?(?: ?%)?$/;
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const later = (work) => new Promise((done) => setTimeout(() => done(work()), 0));
  const make = (name, properties, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };

  class View {
    constructor(section) {
      this.section = section;
      this.table = section.querySelector("table");
      this.heads = [...this.table.tHead.rows[0].cells];
      this.bodies = [...this.table.tBodies];
      this.rows = this.bodies.flatMap((body) => [...body.rows]);
      this.order = this.rows;
      this.bandSize = this.bodies.length ? this.bodies[0].rows.length : 1;
      this.sorted = { column: -1, direction: 0 };
      this.search = "";
      this.filters = this.heads.map(() => "");
      this.build();
    }

    text(row, column) {
      return row.cells[column] ? row.cells[column].textContent : "";
    }

    build() {
      const title = this.section.querySelector("h2").textContent;
      this.input = make("input", { type: "search", placeholder: "Search", spellcheck: false });
      this.input.setAttribute("aria-label", `Search in ${title}`);
      this.input.addEventListener("input", () => { this.search = this.input.value; this.apply(); });
      this.count = make("output", {});
      const filter = make("button", { type: "button", textContent: "Filter columns" });
      filter.setAttribute("aria-expanded", "false");
      filter.addEventListener("click", () => {
        const shown = this.filterRow.hidden;
        this.filterRow.hidden = !shown;
        filter.setAttribute("aria-expanded", String(shown));
        if (shown) this.filterRow.querySelector("input").focus();
      });
      const copy = make("button", { type: "button", textContent: "Copy" });
      copy.title = "Copy the rows that are shown, to paste into a spreadsheet";
      copy.addEventListener("click", () => this.copy());
      const save = make("button", { type: "button", textContent: "Download CSV" });
      save.addEventListener("click", () => this.download(title));
      const tools = make("div", { className: "tools" }, this.input, filter, copy, save, this.count);
      this.section.insertBefore(tools, this.section.querySelector(".frame"));
      this.filterRow = make("tr", { className: "filters", hidden: true });
      this.heads.forEach((head, column) => {
        const field = make("input", { type: "search", spellcheck: false });
        field.setAttribute("aria-label", `Filter ${head.textContent || `column ${column + 1}`}`);
        field.addEventListener("input", () => { this.filters[column] = field.value; this.apply(); });
        this.filterRow.append(make("td", {}, field));
        if (head.tagName !== "TH") return;
        const button = make("button", { type: "button", className: "sort" });
        button.append(...head.childNodes);
        button.addEventListener("click", () => this.sort(column));
        head.append(button);
      });
      this.table.tHead.append(this.filterRow);
      this.tell(this.rows.length);
    }

    async sort(column, direction) {
      const same = this.sorted.column === column;
      this.sorted = { column, direction: direction ?? (same ? (this.sorted.direction === 1 ? -1 : 0) : 1) };
      if (direction === undefined && same && this.sorted.direction === 0) this.sorted.column = -1;
      this.heads.forEach((head, at) => {
        if (head.tagName !== "TH") return;
        const mine = at === this.sorted.column && this.sorted.direction;
        if (mine) head.setAttribute("aria-sort", this.sorted.direction > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
      this.order = this.sorted.direction ? this.ordered() : this.rows;
      await this.place();
      this.remember();
    }

    /* Numbers before text, blanks last, equal values in the order in which they came. */
    ordered() {
      const { column, direction } = this.sorted;
      const keys = new Map();
      for (const row of this.rows) {
        const text = plain(row.cells[column]).trim();
        const value = text === "" ? null : Number(text);
        keys.set(row, text === "" ? null : Number.isNaN(value) ? text : value);
      }
      const rank = (key) => (key === null ? 2 : typeof key === "number" ? 0 : 1);
      const compare = (a, b) => {
        const x = keys.get(a), y = keys.get(b);
        const by = rank(x) - rank(y);
        if (by || x === null) return x === null || y === null ? by : by * direction;
        return direction * (typeof x === "number" ? x - y : /^\d{4}-\d\d/.test(x + y) ? (x < y ? -1 : x > y ? 1 : 0) : collator.compare(x, y));
      };
      return [...this.rows].sort(compare);
    }

    async place() {
      const run = (this.run = Symbol("run"));
      for (let at = 0, band = 0; at < this.order.length; band += 1) {
        const end = Math.min(at + this.bandSize, this.order.length);
        this.bodies[band].append(...this.order.slice(at, end));
        at = end;
        if (band % 40 === 39) await later(() => {});
        if (this.run !== run) return;
      }
    }

    async apply() {
      const run = (this.filtering = Symbol("filter"));
      const wanted = this.search.trim().toLowerCase();
      const columns = this.filters.map((text, at) => [at, text.trim().toLowerCase()]).filter(([, text]) => text);
      let shown = 0;
      for (let at = 0; at < this.rows.length; at += SLICE) {
        for (const row of this.rows.slice(at, at + SLICE)) {
          const fits = (!wanted || row.textContent.toLowerCase().includes(wanted)) &&
            columns.every(([column, text]) => this.text(row, column).toLowerCase().includes(text));
          if (row.hidden === fits) row.hidden = !fits;
          shown += fits;
        }
        if (at + SLICE < this.rows.length) await later(() => {});
        if (this.filtering !== run) return;
      }
      this.tell(shown);
      this.remember();
    }

    tell(shown) {
      const all = this.rows.length.toLocaleString();
      this.count.textContent = shown === this.rows.length ? `${all} rows` : `${shown.toLocaleString()} of ${all} rows`;
    }

    lines(text) {
      const rows = [this.heads, ...this.order.filter((row) => !row.hidden).map((row) => [...row.cells])];
      return rows.map((cells) => cells.map((cell) => text(cell)));
    }

    async copy() {
      const text = this.lines((cell) => cell.textContent).map((cells) => cells.map((cell) => safe(cell).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
      const area = make("textarea", { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      this.count.textContent = "Copied";
      setTimeout(() => this.apply(), 1500);
    }

    download(title) {
      const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
      const text = this.lines(plain).map((cells) => cells.map((cell) => quoted(safe(cell))).join(",")).join("\r\n");
      const link = make("a", { download: `${title.replace(/[^\p{L}\p{N}]+/gu, "-") || "table"}.csv` });
      link.href = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv" }));
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    /* The state in the fragment, so that a reload or a bookmark shows the same. */
    remember() {
      const state = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
      const id = this.section.id;
      const set = (name, value) => (value ? state.set(`${id}.${name}`, value) : state.delete(`${id}.${name}`));
      set("sort", this.sorted.direction ? `${this.sorted.column}${this.sorted.direction > 0 ? "a" : "d"}` : "");
      set("find", this.search.trim());
      this.filters.forEach((text, at) => set(`f${at}`, text.trim()));
      history.replaceState(null, "", `#${state}`);
    }

    recall(state) {
      const id = this.section.id;
      const sort = /^(\d+)([ad])$/.exec(state.get(`${id}.sort`) ?? "");
      const found = state.get(`${id}.find`) ?? "";
      this.filters = this.filters.map((_, at) => state.get(`${id}.f${at}`) ?? "");
      this.input.value = this.search = found;
      [...this.filterRow.querySelectorAll("input")].forEach((field, at) => { field.value = this.filters[at]; });
      this.filterRow.hidden = this.filters.every((text) => !text);
      if (found || !this.filterRow.hidden) this.apply();
      if (sort && Number(sort[1]) < this.heads.length) this.sort(Number(sort[1]), sort[2] === "a" ? 1 : -1);
    }
  }

  /* A value as the report has it, where the page shows it in the reader's language. */
  const plain = (cell) => (cell ? cell.dataset.value ?? cell.textContent : "");
  const safe = (cell) => (formula.test(cell) && !number.test(cell) ? `'${cell}` : cell);
  const sections = [...document.querySelectorAll("section.table")].filter((section) => {
    const table = section.querySelector("table");
    return table.tHead && table.tBodies.length && table.querySelectorAll("tbody tr").length > 1;
  });
  const state = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  (async () => {
    for (const section of sections) {
      await later(() => new View(section).recall(state));
    }
    document.documentElement.dataset.ready = "true";
  })();
})();
