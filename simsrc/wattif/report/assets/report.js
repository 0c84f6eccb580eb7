// The switches of a report: another interval level, scale, quantity or choice of systems, without
// computing anything anew, and percentiles under the pointer or by keyboard.
//
// Every text and number stands in the page as JSON; this script places marks and exchanges texts.
// Where it chooses axes and ticks it follows report/axis.py and report/labels.py rule by rule: the
// page as it was written and as it is first drawn here are the same, which a driven test checks.
"use strict";

(() => {
  const numbers = JSON.parse(document.getElementById("numbers").textContent);
  const form = document.getElementById("switches");
  const figures = [...document.querySelectorAll("figure[data-panel]")].map(readFigure);

  // ---- Reading the page

  function readFigure(element) {
    const panel = numbers.panels[Number(element.dataset.panel)];
    const rows = [...element.querySelectorAll(".row")].map((item, i) => readRow(item, panel.rows[i]));
    return { element, panel, rows, axis: null, says: element.querySelector(".read") };
  }

  function readRow(element, row) {
    const plain = (values) => values.map(Number); // "Infinity" becomes a number again
    return {
      element,
      ...row,
      grid: plain(row.grid ?? []),
      edges: plain(row.edges ?? []),
      claims: (row.claims ?? []).map(plain),
      plot: element.querySelector("svg.plot:not(.chance)"),
      name: element.querySelector(".name").textContent,
      at: numbers.quartiles[1], // the percentile that is read out: the median at first
    };
  }

  function readSwitches() {
    const checked = [...form.querySelectorAll("[name=system]")].filter((box) => !box.checked);
    return {
      quantity: form.elements.quantity?.value ?? "",
      level: Number(form.elements.level.value),
      scale: form.elements.scale.value,
      without: new Set(checked.map((box) => box.value)),
    };
  }

  // ---- Axes: report/axis.py in JavaScript

  function extentOf(rows, [low, high]) {
    const marks = rows.flatMap((row) =>
      row.kind === "constant" ? row.grid : [row.grid[low], row.grid[high], row.grid[numbers.quartiles[1]]],
    );
    return [...marks, ...rows.flatMap((row) => row.claims.flat())].filter(Number.isFinite);
  }

  function chooseAxis(values, scale) {
    const low = Math.min(...values);
    const high = Math.max(...values);
    const far = low > 0 && high > numbers.logFrom * low;
    if (low === high) {
      const air = Math.abs(low) / 2 || 1;
      return { kind: "linear", low: low - air, high: high + air };
    }
    if (low > 0 && (scale === "log" || (scale === "auto" && far))) {
      const air = (high / low) ** 0.04;
      return { kind: "log", low: low / air, high: high * air };
    }
    if (low >= 0 && low < 0.4 * high) return { kind: "linear", low: 0, high: high * 1.04 };
    const air = 0.06 * (high - low);
    return { kind: "linear", low: low - air, high: high + air };
  }

  function placeOn(axis, value) {
    const measure = axis.kind === "log" ? Math.log10 : (x) => x;
    const clipped = Math.min(Math.max(value, axis.low), axis.high);
    const start = measure(axis.low);
    return (100 * (measure(clipped) - start)) / (measure(axis.high) - start);
  }

  const isSpreadOut = (axis) => axis.kind === "log" && axis.high > numbers.logFrom * axis.low;

  function ticksOf(axis) {
    for (const ticks of isSpreadOut(axis) ? logTicks(axis) : linearTicks(axis)) {
      const inside = ticks.filter((tick) => axis.low <= tick && tick <= axis.high);
      if (inside.length <= 5) return inside;
    }
    return [];
  }

  function* logTicks({ low, high }) {
    const first = Math.floor(Math.log10(low));
    const last = Math.ceil(Math.log10(high));
    const powers = range(first, last);
    for (const steps of [[1, 2, 5], [1, 3], [1]]) {
      yield powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
    }
    for (let stride = 2; stride < last - first + 2; stride += 1) {
      yield powers.filter((power) => power % stride === 0).map((power) => Number(`1e${power}`));
    }
  }

  function* linearTicks({ low, high }) {
    const least = Math.floor(Math.log10(high - low)) - 1;
    for (const power of range(least, least + 2)) {
      for (const n of [1, 2, 2.5, 5]) {
        const step = Number(`${n}e${power}`);
        const whole = range(Math.ceil(low / step), Math.floor(high / step));
        yield whole.map((k) => Number((k * step).toPrecision(10)));
      }
    }
  }

  const range = (first, last) => Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

  // ---- Labels: report/labels.py in JavaScript

  const powerOf = (number) => Number(Math.abs(number).toExponential(14).split("e")[1]);

  function labelsOf(axis, ticks, panel) {
    if (isSpreadOut(axis)) return ticks.map((tick) => label(tick, scaleOf(tick, panel), [tick]));
    const scale = scaleOf(stepOf(ticks), panel);
    return ticks.map((tick) => label(tick, scale, ticks));
  }

  function stepOf(ticks) {
    const largest = Math.max(0, ...ticks.map(Math.abs));
    const steps = ticks.slice(1).map((tick, i) => tick - ticks[i]);
    const step = steps.length ? Math.min(...steps) : 0;
    return 10 * step >= largest && largest > 0 ? step : largest;
  }

  function scaleOf(size, { first, scales }) {
    const index = size ? powerOf(size) - first : 0;
    return scales[Math.min(Math.max(index, 0), scales.length - 1)];
  }

  function label(tick, [power, before, after], ticks) {
    if (tick === 0) return `${before}0`;
    const unit = Number(`1e${power}`);
    const decimals = ticks.map((t) => (Math.abs(t) / unit).toFixed(6).replace(/0+$/, "").split(".")[1].length);
    const number = plainNumber(Math.abs(tick) / unit, Math.max(...decimals));
    return `${tick < 0 ? "−" : ""}${before}${number}${after}`;
  }

  function plainNumber(number, decimals) {
    const [whole, rest] = number.toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    const written = whole.length < numbers.groupedFrom ? whole : grouped.replaceAll(",", numbers.group);
    return rest === undefined ? written : `${written}${numbers.decimal}${rest}`;
  }

  // ---- Drawing

  const percent = (place) => `${Number(place.toFixed(2))}%`;

  function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element?.setAttribute(name, value);
  }

  function make(name, attributes, text = "") {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    set(element, attributes);
    element.textContent = text;
    return element;
  }

  function draw(figure, switches) {
    const level = numbers.levels[switches.level];
    for (const row of figure.rows) row.element.hidden = switches.without.has(row.system);
    const drawn = figure.rows.filter((row) => row.plot && !row.element.hidden);
    const values = extentOf(drawn, level);
    const axis = values.length ? chooseAxis(values, switches.scale) : null;
    figure.axis = axis;
    const ticks = axis ? ticksOf(axis) : [];
    const places = ticks.map((tick) => placeOn(axis, tick));
    drawTicks(figure, places, axis ? labelsOf(axis, ticks, figure.panel) : []);
    for (const row of drawn) drawRow(row, axis, level, switches.level, places);
    return switches.scale === "log" && axis?.kind === "linear" && values.some((value) => value <= 0);
  }

  function drawTicks(figure, places, words) {
    const anchor = (place) => (place < 4 ? "start" : place > 96 ? "end" : "middle");
    const texts = places.map((place, i) =>
      make("text", { x: percent(place), y: 13, "text-anchor": anchor(place) }, words[i]),
    );
    figure.element.querySelector(".ticks")?.replaceChildren(...texts);
  }

  function drawRow(row, axis, [low, high], level, ticks) {
    const at = (value) => percent(placeOn(axis, value));
    const line = (x) => make("line", { x1: x, x2: x, y1: 0, y2: "100%" });
    row.plot.querySelector(".grid").replaceChildren(...ticks.map(percent).map(line));
    row.plot.querySelectorAll(".claim").forEach((mark, i) => {
      set(mark, { x1: at(row.claims[i][0]), x2: at(row.claims[i][1]) });
    });
    if (row.kind === "constant") {
      set(row.plot.querySelector(".pin"), { x: at(row.grid[0]) });
      return;
    }
    const [first, middle, last] = numbers.quartiles.map((i) => at(row.grid[i]));
    set(row.plot.querySelector(".wide"), { x1: at(row.grid[low]), x2: at(row.grid[high]) });
    set(row.plot.querySelector(".half"), { x1: first, x2: last });
    set(row.plot.querySelector(".dot"), { cx: middle });
    set(row.plot.querySelector(".shape"), { d: outline(row, axis) });
    row.element.querySelector(".range").textContent = row.intervals[level];
    const words = [row.values[numbers.quartiles[1]], row.intervals[level]].join(" · ");
    set(row.plot, { "aria-label": row.name ? `${row.name}: ${words}` : words });
    point(row, axis);
  }

  function outline(row, axis) {
    const [width, height] = numbers.shape;
    const places = row.edges.map((edge) => placeOn(axis, edge));
    const cells = row.masses
      .map((mass, i) => ({ mass, i, wide: places[i + 1] - places[i] }))
      .filter(({ i, wide }) => wide > 0 && row.edges[i] >= axis.low && row.edges[i + 1] <= axis.high)
      .map(({ mass, i, wide }) => [(places[i] + places[i + 1]) / 2, mass / wide]);
    if (!cells.length) return "";
    const most = Math.max(...cells.map(([, y]) => y));
    const xs = cells.map(([x]) => Math.round((x * width) / 100));
    const points = cells.map(([, y], i) => `${xs[i]} ${Math.round(height * (1 - y / most))}`);
    return `M${xs[0]} ${height}L${points.join(" ")} ${xs.at(-1)} ${height}Z`;
  }

  // ---- Percentiles under the pointer and by keyboard: each row is a slider over them

  const fill = (text, places) => text.replace(/\{(\w+)\}/g, (_, name) => places[name]);

  function wordsOf(row) {
    return fill(numbers.say.below, { share: numbers.percents[row.at], value: row.values[row.at] });
  }

  function point(row, axis) {
    const x = percent(placeOn(axis, row.grid[row.at]));
    set(row.cursor, { x1: x, x2: x });
    set(row.plot, { "aria-valuenow": row.at, "aria-valuetext": wordsOf(row) });
  }

  function read(figure, row) {
    for (const other of figure.rows) if (other.cursor) other.cursor.toggleAttribute("hidden", other !== row);
    figure.says.textContent = row ? [row.name, wordsOf(row)].filter(Boolean).join(": ") : "";
  }

  function go(figure, row, at) {
    row.at = Math.min(Math.max(at, 0), row.grid.length - 1);
    point(row, figure.axis);
    read(figure, row);
  }

  function nearest(figure, row, event) {
    const box = row.plot.getBoundingClientRect();
    const here = (100 * (event.clientX - box.left)) / box.width;
    const away = row.grid.map((value) => Math.abs(placeOn(figure.axis, value) - here));
    return away.indexOf(Math.min(...away));
  }

  function press(figure, row, event) {
    const steps = { ArrowLeft: row.at - 1, ArrowRight: row.at + 1, Home: 0, End: row.grid.length - 1 };
    const rows = figure.rows.filter((one) => one.cursor && !one.element.hidden);
    const next = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key in steps) go(figure, row, steps[event.key]);
    else if (next) rows[rows.indexOf(row) + next]?.plot.focus();
    else return;
    event.preventDefault();
  }

  function makeSlider(figure, row) {
    row.cursor = row.plot.appendChild(make("line", { class: "cursor", y1: 0, y2: "100%", hidden: "" }));
    const last = row.grid.length - 1;
    set(row.plot, { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": last });
    row.plot.addEventListener("keydown", (event) => press(figure, row, event));
    row.plot.addEventListener("focus", () => go(figure, row, row.at));
    row.plot.addEventListener("blur", () => read(figure, null));
    for (const kind of ["pointermove", "pointerdown"]) {
      row.plot.addEventListener(kind, (event) => go(figure, row, nearest(figure, row, event)));
    }
    row.plot.addEventListener("pointerleave", () => read(figure, null));
  }

  // ---- Tables that sort

  function makeSortable(table) {
    for (const [column, header] of [...table.querySelectorAll("th[data-sort]")].entries()) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = header.dataset.sort;
      button.textContent = header.textContent;
      button.addEventListener("click", () => sort(table, header, column));
      header.replaceChildren(button);
    }
  }

  function sort(table, header, column) {
    const order = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of table.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", order);
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const text = (row) => row.cells[column].textContent.trim();
    const sign = order === "ascending" ? 1 : -1;
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) => sign * compare(text(a), text(b))));
  }

  // ---- Everything together

  function drawAll() {
    const switches = readSwitches();
    const [, , words] = numbers.levels[switches.level];
    form.elements.shown.value = words;
    set(form.elements.level, { "aria-valuetext": words });
    const key = document.querySelector("[data-level=interval]");
    key.textContent = fill(numbers.say.shown_level, { level: words });
    let refused = false;
    for (const figure of figures) {
      figure.element.hidden = switches.quantity !== "" && switches.quantity !== figure.element.dataset.panel;
      refused = draw(figure, switches) || refused;
    }
    document.getElementById("no-log").textContent = refused ? numbers.say.no_log : "";
  }

  for (const figure of figures) {
    for (const row of figure.rows) if (row.plot && row.kind === "spread") makeSlider(figure, row);
    figure.says.hidden = false;
  }
  for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
  for (const element of document.querySelectorAll(".needs-script")) element.hidden = false;
  form.addEventListener("input", drawAll);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  drawAll();
})();
