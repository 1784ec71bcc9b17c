"use strict";
/* Sort, search, filter, copy and download for every table that has heads. Reads what the page shows; asks nobody for anything. */
(() => {
  const SLICE = 4000;
  /* Rows from which on a table has its tools in sight; those of a shorter one are seen where it is pointed at. */
  const FEW = 10;
  const LONG = 240;
  const MADE = ".group, .subtotal, .total";
  const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  const number = /^[+-]?\d+(?:[., ]\d+)*(?:[eE][+-]?\d+)?(?: ?%)?$/;
  const exact = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/;
  /* The words of the page's language, and how it counts and sorts; a tag that is none means the reader's own. */
  const words = JSON.parse(document.currentScript.dataset.words);
  const known = (tag) => { try { return Intl.getCanonicalLocales(tag)[0]; } catch { return undefined; } };
  const tongue = known(document.documentElement.lang);
  const plurals = new Intl.PluralRules(known(words.lang));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? value.toLocaleString(known(words.lang), { numberingSystem: "latn" }) : value;
  });
  const counted = (forms, count, values) => fill(forms[plurals.select(count)] ?? forms.other, { count, ...values });
  const collator = new Intl.Collator(/^en\b/.test(tongue ?? "en") ? undefined : tongue, { numeric: true, sensitivity: "base" });
  const later = (work) => new Promise((done) => setTimeout(() => done(work()), 0));
  const make = (name, properties, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };
  /* A value as the report has it, where the page shows it in the reader's language. */
  const plain = (cell) => (cell ? cell.dataset.value ?? cell.textContent : "");
  /* Text as it is searched: without case, accents and what is not seen, blanks and hyphens each of one kind. */
  const letters = { "\u00df": "ss", "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u0111": "d", "\u00f0": "d", "\u0142": "l", "\u0131": "i", "\u00fe": "th" };
  const fold = (text) => {
    const lower = text.toLowerCase();
    if (/^[\x21-\x7e]*$/.test(lower)) return lower;
    return lower.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "").replace(/[\u00df\u00f8\u00e6\u0153\u0111\u00f0\u0142\u0131\u00fe]/g, (one) => letters[one])
      .replace(/[\p{Pd}\u2212]/gu, "-").replace(/[\u2018\u2019]/g, "'").replace(/\s+/gu, " ").replace(/(\d)[ '](?=\d{3}(?!\d))/g, "$1");
  };
  const safe = (cell) => (formula.test(cell) && !number.test(cell) ? `'${cell}` : cell);

  /* What a cell sorts by: numbers and dates (ISO 8601, in the zone that they have, else all in one) as numbers; null for blanks. */
  const keyOf = (cell) => {
    const text = (cell?.dataset.sort ?? plain(cell)).trim();
    if (exact.test(text)) return Number(text);
    const [, day, time, zone] = iso.exec(text) ?? [];
    const moment = day ? Date.parse(time ? `${day}T${time}${zone ?? "Z"}` : day) : NaN;
    return text === "" ? null : Number.isNaN(moment) ? text : moment;
  };
  /* What most values of a column are, it is: others stand at its end; among texts numbers are texts. */
  const keysOf = (cells) => {
    const keys = cells.map(keyOf);
    const numbers = keys.filter((key) => typeof key === "number").length;
    if (2 * numbers > keys.filter((key) => key !== null).length) return keys;
    return keys.map((key, at) => (key === null ? null : plain(cells[at]).trim()));
  };

  /* What the readers have asked for is kept in the fragment, so that a reload or a bookmark shows the same. */
  const asked = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1).replace(/^[^=&]*&/, "") : "");
  const state = asked();

  class View {
    constructor(section) {
      this.section = section;
      this.table = section.querySelector("table");
      this.frame = this.table.closest(".frame") ?? this.table;
      this.heads = [...this.table.tHead.rows[0].cells];
      this.bodies = [...this.table.tBodies];
      /* Headings of groups, subtotals and totals stay in their places; the rows between them are those that are sorted and found. */
      this.layouts = this.bodies.map((body) => [...body.rows].map((row) => (row.matches(MADE) ? row : null)));
      this.rows = this.bodies.flatMap((body) => [...body.rows].filter((row) => !row.matches(MADE)));
      this.order = this.rows;
      this.group();
      this.sorted = { column: -1, direction: 0 };
      this.search = "";
      this.filters = this.heads.map(() => "");
      this.build();
    }

    /* Which rows stand together between others that stay, and which rows are those of each heading of a group. */
    group() {
      this.runs = [];
      this.headings = [];
      const open = [];
      let run = 0;
      for (const layout of this.layouts) {
        for (const made of layout) {
          if (!made) {
            this.runs.push(run);
            continue;
          }
          run += 1;
          if (!made.matches(".group")) continue;
          const level = Number(/\bl(\d)/.exec(made.className)?.[1] ?? 0);
          while (open.length && open.at(-1).level >= level) open.pop().end = this.runs.length;
          open.push({ row: made, level, start: this.runs.length });
          this.headings.push(open.at(-1));
        }
      }
    }

    build() {
      const heading = this.section.querySelector("h2");
      this.title = (heading ?? this.table.caption)?.textContent ?? words.table;
      this.input = make("input", { type: "search", placeholder: words.search, spellcheck: false });
      this.input.setAttribute("aria-label", fill(words.searchIn, { table: this.title }));
      this.input.addEventListener("input", () => { this.search = this.input.value; this.apply(); });
      this.count = make("output", { dir: "auto" });
      this.opener = make("button", { type: "button", textContent: words.filter, ariaLabel: words.filterColumns });
      this.opener.addEventListener("click", () => {
        this.open(this.filterRow.hidden);
        if (!this.filterRow.hidden) this.filterRow.querySelector("input").focus();
      });
      const copy = make("button", { type: "button", textContent: words.copy });
      copy.title = words.copyTitle;
      copy.addEventListener("click", () => this.copy());
      const save = make("button", { type: "button", textContent: words.download });
      save.title = words.downloadTitle;
      save.addEventListener("click", () => this.download());
      const tools = make("div", { className: "tools", lang: words.lang }, this.input, this.opener, copy, save);
      const bar = make("div", { className: "bar" });
      (heading ?? this.frame).before(bar);
      bar.append(...(heading ? [heading] : []), this.count, tools);
      this.none = make("p", { className: "empty", lang: words.lang, textContent: words.none, hidden: true });
      this.table.after(this.none);
      /* What a page on paper says of rows that are left out. */
      this.narrowing = make("p", { className: "narrowing", lang: words.lang, hidden: true });
      this.frame.before(this.narrowing);
      this.filterRow = make("tr", { className: "filters" });
      this.heads.forEach((head, column) => {
        const field = make("input", { type: "search", spellcheck: false, size: 1 });
        field.setAttribute("aria-label", fill(words.filterColumn, { column: this.nameOf(column) }));
        field.addEventListener("input", () => { this.filters[column] = field.value; this.apply(); });
        this.filterRow.append(make("td", {}, field));
        if (head.tagName !== "TH") return;
        const button = make("button", { type: "button", className: "sort" });
        button.append(...head.childNodes);
        button.addEventListener("click", () => this.sort(column));
        head.append(button);
      });
      this.table.tHead.append(this.filterRow);
      this.table.setAttribute("aria-rowcount", [...this.bodies, ...(this.table.tFoot ? [this.table.tFoot] : [])].reduce((sum, body) => sum + body.rows.length, 1));
      this.section.classList.toggle("few", this.rows.length < FEW);
      this.open(false);
      this.tell(this.rows.length);
    }

    nameOf(column) {
      return this.heads[column].textContent.trim() || fill(words.column, { number: column + 1 });
    }

    open(shown) {
      this.filterRow.hidden = !shown;
      this.table.tHead.classList.toggle("filtered", shown);
      this.opener.setAttribute("aria-expanded", String(shown));
      fit();
    }

    /* A third click on a head goes back to the order of the report. */
    async sort(column, direction) {
      const next = this.sorted.column === column ? { 0: 1, 1: -1, [-1]: 0 }[this.sorted.direction] : 1;
      this.sorted = { column, direction: direction ?? next };
      this.heads.forEach((head, at) => {
        if (at === column && this.sorted.direction) {
          head.setAttribute("aria-sort", this.sorted.direction > 0 ? "ascending" : "descending");
        } else head.removeAttribute("aria-sort");
      });
      this.order = this.sorted.direction ? this.ordered() : this.rows;
      await this.place();
      this.remember();
    }

    /* Blanks last, before them what is not of the column's kind, equal values in the order in which they came. */
    ordered() {
      const { column, direction } = this.sorted;
      const cells = this.rows.map((row) => row.cells[column]);
      const keys = keysOf(cells);
      const rank = (key) => (key === null ? 2 : typeof key === "number" ? 0 : 1);
      const compare = (a, b) => {
        const x = keys[a], y = keys[b];
        const by = rank(x) - rank(y);
        if (by || x === null) return by;
        if (typeof x === "string") return direction * collator.compare(x, y);
        return direction * (x - y);
      };
      const grouped = (a, b) => this.runs[a] - this.runs[b] || compare(a, b);
      return this.rows.map((_, at) => at).sort(this.runs.at(-1) ? grouped : compare).map((at) => this.rows[at]);
    }

    async place() {
      const run = (this.run = Symbol("run"));
      for (let at = 0, band = 0; band < this.bodies.length; band += 1) {
        this.bodies[band].append(...this.layouts[band].map((made) => made ?? this.order[at++]));
        if (band % 40 === 39) await later(() => {});
        if (this.run !== run) return;
      }
    }

    /* On a phone, long texts show their start; what opens them has no text of its own that would be found or copied. */
    async clamp() {
      for (let at = 0; at < this.rows.length; at += SLICE) {
        for (const cell of this.rows.slice(at, at + SLICE).flatMap((row) => [...row.cells])) {
          if (cell.textContent.length <= LONG) continue;
          const text = make("div", { className: "clamped" }, ...cell.childNodes);
          const more = make("button", { type: "button", className: "more", ariaLabel: words.showAll, ariaExpanded: "false" });
          Object.assign(more.dataset, { more: words.more, less: words.less });
          more.addEventListener("click", () => { more.ariaExpanded = String(!text.classList.toggle("clamped")); });
          cell.append(text, more);
        }
        await later(() => {});
      }
    }

    async apply() {
      const run = (this.filtering = Symbol("filter"));
      const wanted = fold(this.search.trim());
      const columns = this.filters.map((text, at) => [at, fold(text.trim())]).filter(([, text]) => text);
      /* Folding takes its time: a row is folded once. */
      const holds = (cell, text) => Boolean(cell) && (cell.folded ??= fold(cell.textContent)).includes(text);
      /* The text of a row is soon looked through; only where it holds what is wanted, a cell has to. */
      const fits = (row) => (!wanted || (holds(row, wanted) && [...row.cells].some((cell) => holds(cell, wanted)))) &&
        columns.every(([column, text]) => holds(row.cells[column], text));
      this.hold(Boolean(wanted || columns.length));
      let shown = 0;
      for (let at = 0; at < this.rows.length; at += SLICE) {
        for (const row of this.rows.slice(at, at + SLICE)) {
          const hidden = !fits(row);
          if (row.hidden !== hidden) row.hidden = hidden;
          shown += !hidden;
        }
        if (at + SLICE < this.rows.length) await later(() => {});
        if (this.filtering !== run) return;
      }
      for (const { row, start, end } of this.headings) row.hidden = this.rows.slice(start, end).every((one) => one.hidden);
      this.tell(shown);
      this.remember();
    }

    /* Columns keep their widths while rows come and go, and stripes, which count hidden rows, make way; a large table has columns of its own, and too many rows to look at anew. */
    hold(narrowed) {
      this.section.classList.toggle("part", narrowed);
      if (this.section.matches(narrowed ? ".large, .narrowed" : ":not(.narrowed)")) return;
      const widths = this.heads.map((head) => `${head.offsetWidth}px`);
      this.heads.forEach((head, at) => {
        head.classList.toggle("held", narrowed);
        head.style.setProperty("--held", widths[at]);
      });
      this.section.classList.toggle("narrowed", narrowed);
    }

    tell(shown) {
      this.shown = shown;
      this.none.hidden = shown > 0;
      this.count.textContent = shown === this.rows.length ? counted(words.rows, shown) : counted(words.someRows, this.rows.length, { shown });
      const asks = this.filters.map((text, at) => text.trim() && `${this.nameOf(at)}: ${text.trim()}`);
      this.narrowing.textContent = fill(words.narrowed, { rows: this.count.textContent, asked: [this.search.trim(), ...asks].filter(Boolean).join(", ") });
      this.narrowing.hidden = shown === this.rows.length;
    }

    lines(text) {
      const rows = [this.heads, ...this.order.filter((row) => !row.hidden).map((row) => [...row.cells])];
      return rows.map((cells) => cells.map((cell) => safe(text(cell))));
    }

    copy() {
      const text = this.lines(plain).map((cells) => cells.map((cell) => cell.replace(/[\t\r\n]+/g, " ")).join("\t"));
      const focused = document.activeElement;
      const area = make("textarea", { value: text.join("\n") });
      document.body.append(area);
      area.select();
      this.count.textContent = document.execCommand("copy") ? words.copied : words.notCopied;
      area.remove();
      focused?.focus({ preventScroll: true });
      setTimeout(() => this.tell(this.shown), 1500);
    }

    download() {
      const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
      const text = this.lines(plain).map((cells) => cells.map(quoted).join(",")).join("\r\n");
      const link = make("a", { download: `${this.title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 100) || words.table}.csv` });
      link.href = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv" }));
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    remember() {
      const set = (name, value) => (value ? state.set(`${this.section.id}.${name}`, value) : state.delete(`${this.section.id}.${name}`));
      const { column, direction } = this.sorted;
      set("sort", direction ? `${column}${direction > 0 ? "a" : "d"}` : "");
      set("find", this.search.trim());
      this.filters.forEach((text, at) => set(`f${at}`, text.trim()));
      try {
        history.replaceState(null, "", `#${state}`);
      } catch {
        /* A page within another one may have no address of its own. */
      }
    }

    recall(from) {
      const get = (name) => from.get(`${this.section.id}.${name}`) ?? "";
      const [, column, way] = /^(\d+)([ad])$/.exec(get("sort")) ?? [];
      const before = [this.search, ...this.filters].join();
      this.input.value = this.search = get("find");
      this.filters = this.filters.map((_, at) => get(`f${at}`));
      this.filterRow.querySelectorAll("input").forEach((field, at) => { field.value = this.filters[at]; });
      if (this.filters.some((text) => text)) this.open(true);
      if ([this.search, ...this.filters].join() !== before) this.apply();
      if (column < this.heads.length) this.sort(Number(column), way === "a" ? 1 : -1);
      else if (this.sorted.direction) this.sort(this.sorted.column, 0);
    }
  }

  /* A table that is narrow enough scrolls with the page; one that is not in its frame, beside its first column. */
  const frames = [...document.querySelectorAll("section.table .frame")];
  const fit = () => {
    const looks = frames.map((frame) => {
      const table = frame.querySelector("table");
      const wide = table.offsetWidth > frame.clientWidth;
      const first = table.rows[0]?.cells[0]?.offsetWidth ?? Infinity;
      return { wide, pinned: wide && first < 0.4 * frame.clientWidth, large: frame.closest(".large") };
    });
    frames.forEach((frame, at) => {
      const { wide, pinned, large } = looks[at];
      frame.classList.toggle("fits", !wide && !large);
      frame.classList.toggle("pinned", pinned);
      if (wide || large) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    });
  };
  fit();
  addEventListener("resize", fit);
  const edges = (frame) => {
    const left = Math.abs(frame.scrollLeft), room = frame.scrollWidth - frame.clientWidth;
    frame.classList.toggle("before", left > 1);
    frame.classList.toggle("beyond", left < room - 1);
  };
  frames.forEach((frame) => {
    edges(frame);
    frame.addEventListener("scroll", () => edges(frame), { passive: true });
  });
  addEventListener("resize", () => frames.forEach(edges));

  const sections = [...document.querySelectorAll("section.table")].filter((section) => {
    const table = section.querySelector("table");
    return table.tHead && table.tBodies.length && table.querySelectorAll("tbody tr").length > 1;
  });
  (async () => {
    const views = [];
    for (const section of sections) {
      await later(() => views.push(new View(section)));
      views.at(-1).recall(state);
    }
    addEventListener("hashchange", () => {
      const now = asked();
      if (location.hash.includes("=")) views.forEach((view) => view.recall(now));
      /* A link of the contents was followed: the address goes on to say what was asked for. */
      else if (String(state)) history.replaceState(null, "", `${location.hash}&${state}`);
    });
    const [place] = location.hash.slice(1).split("&", 1);
    if (location.hash.includes("=") && !place.includes("=")) document.getElementById(place)?.scrollIntoView();
    document.documentElement.dataset.ready = "true";
    if (matchMedia("(max-width: 40rem)").matches) views.forEach((view) => view.clamp());
  })();
})();
