// Tables mended on the picture of their page: areas, lines, merged cells, headings, names.
import { $, ask, button, draw, make, notice, number, words } from "./dom.js";
import { get, post } from "./api.js";
import { sum } from "./card.js";
import { addLine, cells, merge, moveLine, removeLine, split, turned } from "./grid.js";

const DPI = 130;
const W = words.mend;
let app, id, node, told, page, shown, at = -1, grid = null, view = 0, tool = "", chosen = null, sums = null, zoom = 1, drag = null, saving = null, layouts = [];

export const keys = () => [["Tab", W.keys.tab], ["← ↑ → ↓", W.keys.move], ["Shift + ← ↑ → ↓", W.keys.far], ["Delete", W.keys.remove], ["+", W.keys.add], ["m", W.merge], ["x", W.split], ["[ ]", W.keys.pages]];

export async function enter(main, frame, document, number = "1") {
  app = frame;
  id = document;
  page = Math.max(1, +number || 1);
  at = -1; grid = null; chosen = null; tool = ""; sums = null;
  node = {
    side: make("section", { className: "mend-side" }),
    board: make("section", { className: "board", data: { "aria-label": words.picture } }),
    form: make("section", { className: "mend-form", data: { "aria-live": "polite" } }),
  };
  main.append(node.side, node.board, node.form);
  await load();
}
export function leave() { told = null; shown = null; node = null; drag = null; }

async function load() {
  try {
    told = await get(`/api/documents/${id}/tables`);
    if (!node) return;
    if (!told.ready) { notReady(); return; }
    if (!location.hash.split("/")[2]) page = (told.pages.find(p => p.tables.some(t => t.status === "review")) || told.pages.find(p => p.tables.length) || told.pages[0]).number;
    await open(page);
    layouts = (await get("/api/layouts")).layouts;
    if (node) drawForm();
  } catch (error) { notice(error.message); }
}
function notReady() {
  const name = app.state.documents.find(d => d.id === id)?.name || "";
  node.side.replaceChildren(make("h1", { textContent: name }), make("p", { textContent: W.notReady }), make("p", { className: "buttons" }, button(words.again, async () => {
    try { await post(`/api/documents/${id}/again`); location.hash = "#"; } catch (error) { notice(error.message); }
  }, { className: "first" })));
}

async function open(wanted, keep = -1) {
  page = Math.max(1, Math.min(told.pages.length, wanted));
  history.replaceState(null, "", `#mend/${id}/${page}`);
  shown = await get(`/api/documents/${id}/tables?page=${page}`);
  if (!node) return;
  if (keep < 0) zoom = 0;
  choose(keep >= 0 && keep < shown.tables.length ? keep : shown.tables.length ? 0 : -1);
}
/** As large as lets the chosen table be seen whole. */
function fitting() {
  if (!grid) return 1;
  const [w] = upright();
  return Math.max(1, Math.min(3, Math.floor(w / (grid.xs.at(-1) - grid.xs[0] + 40) * 4) / 4));
}
function zoomed(by) { zoom = Math.max(0.5, Math.min(4, zoom + by)); drawSide(); drawBoard(); toTable(); }
function toTable() {
  const svg = node.board.querySelector("svg");
  if (!grid || !svg) return;
  const scale = svg.clientWidth / upright()[0];
  node.board.scrollTo({ left: grid.xs[0] * scale - 20, top: grid.ys[0] * scale - 40 });
}

function choose(index) {
  at = index;
  chosen = null;
  const table = shown.tables[at];
  grid = table ? gridOf(table) : null;
  if (table) view = table.rotation;
  const fit = !zoom;
  if (fit) zoom = fitting();
  redraw();
  if (fit) toTable();
}
function gridOf(table) {
  const said = table.said || {};
  return {
    rotation: table.rotation, xs: [...table.xs], ys: [...table.ys], merges: table.merges.map(one => [...one]), touched: Boolean(said.xs),
    header_rows: said.header_rows ?? table.header_rows, total_rows: said.total_rows ?? null, unit: said.unit ?? null, caption: said.caption ?? null,
    joins_next: said.joins_next ?? null, dataset: said.dataset ?? "", columns: said.columns ?? [], heads: said.header_rows !== undefined,
  };
}
function redraw() { drawSide(); drawBoard(); drawForm(); }

// --- saying it to the server ------------------------------------------------------------------------------------
const upright = () => view % 180 ? [shown.height, shown.width] : [shown.width, shown.height];
function areaOf(g) { return turned([g.xs[0], g.ys[0], g.xs.at(-1), g.ys.at(-1)], g.rotation, ...(g.rotation % 180 ? [shown.height, shown.width] : [shown.width, shown.height])); }

function entry(g) {
  const lines = g.touched ? { xs: g.xs, ys: g.ys, merges: g.merges } : {};
  return { page, area: g.touched ? areaOf(g) : shown.tables[at].area, rotation: g.rotation, ...lines,
    ...(g.heads || g.touched ? { header_rows: g.header_rows } : {}), total_rows: g.total_rows, unit: g.unit, caption: g.caption, joins_next: g.joins_next, dataset: g.dataset, columns: g.columns,
    by: localStorage.getItem("initials") || "" };
}
let waiting;
/** Keep the grid as it is now; quick changes one after another are kept at once. */
function keep(soon = 0) {
  clearTimeout(waiting);
  node.form.classList.add("busy");
  waiting = setTimeout(() => tell(entry(grid)), soon);
}
async function tell(what) {
  saving = (saving || Promise.resolve()).then(async () => {
    try {
      const answer = await post(`/api/documents/${id}/mend`, what);
      if (!node) return;
      const focused = document.activeElement?.dataset?.at;
      shown = answer;
      const place = answer.tables.findIndex(t => share(t.area, what.area) > 0.5);
      at = what.found === false ? (answer.tables.length ? 0 : -1) : place;
      grid = at >= 0 ? gridOf(answer.tables[at]) : null;
      if (grid) view = grid.rotation;
      sums = await get(`/api/documents/${id}`);
      redraw();
      if (focused) document.querySelector(`[data-at="${focused}"]`)?.focus();
      layouts = (await get("/api/layouts")).layouts;
    } catch (error) { notice(error.message); if (shown?.tables[at]) choose(at); }
    node?.form.classList.remove("busy");
  });
  return saving;
}
function share(a, b) {
  const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0]), h = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const size = box => (box[2] - box[0]) * (box[3] - box[1]);
  return w > 0 && h > 0 ? w * h / Math.min(size(a), size(b)) : 0;
}
function touch() { grid.touched = true; if (!grid.heads) grid.header_rows ??= 0; }

async function newTable(area) {
  try {
    const { xs, ys } = await post(`/api/documents/${id}/suggest`, { page, area, rotation: view });
    await tell({ page, area, rotation: view, xs, ys, merges: [], header_rows: ys.length > 2 ? 1 : 0 });
  } catch (error) { notice(error.message); }
}

// --- what stands at the left ---------------------------------------------------------------------------------------
function drawSide() {
  const name = app.state.documents.find(d => d.id === id)?.name || "";
  const pages = told.pages.map(p => make("option", { value: p.number, selected: p.number === page,
    textContent: `${words.page(p.number)}${p.tables.length ? ` · ${W.tables(p.tables.length)}` : ""}${p.tables.some(t => t.status === "review") ? " ⚑" : ""}` }));
  const list = shown.tables.map((t, n) => make("li", {}, button(`${n + 1}. ${t.caption.split("\n").at(-1) || W.unnamed}`, () => choose(n), { data: { "aria-pressed": String(n === at), "data-at": `table-${n}` } }),
    t.said && make("span", { className: "chip ok", textContent: W.byHand }), t.status === "review" && make("span", { className: "chip review", textContent: words.states.review })));
  const turn = by => { if (grid) { grid.rotation = (grid.rotation + by + 360) % 360; view = grid.rotation; again(); } else { view = (view + by + 360) % 360; redraw(); } };
  node.side.replaceChildren(...[
    make("h1", {}, make("a", { href: `#report/${id}`, textContent: name })),
    make("p", { className: "buttons" },
      button("‹", () => go(-1), { ariaLabel: W.previousPage, disabled: page <= 1 }),
      make("select", { ariaLabel: W.choosePage, data: { "data-at": "pages" }, on: { change: event => open(+event.target.value).catch(error => notice(error.message)) } }, pages),
      button("›", () => go(1), { ariaLabel: W.nextPage, disabled: page >= told.pages.length })),
    make("p", { className: "buttons" }, button("−", () => zoomed(-0.25), { ariaLabel: W.smaller, className: "small" }), make("span", { className: "faint", textContent: `${Math.round(zoom * 100)}%` }), button("+", () => zoomed(0.25), { ariaLabel: W.larger, className: "small" })),
    make("h2", { textContent: W.onPage }),
    shown.tables.length ? make("ul", { className: "tables" }, list) : make("p", { className: "faint", textContent: W.none }),
    make("div", { className: "tabs" },
      button(W.drawArea, () => { tool = tool === "area" ? "" : "area"; redraw(); }, { data: { "aria-pressed": String(tool === "area"), "data-at": "area" } }),
      button(W.wholePage, () => newTable([20, 20, shown.width - 20, shown.height - 20])),
      grid && button(W.noTable, async () => { const area = shown.tables[at].area; await tell({ page, area, found: false }); }, { data: { "data-at": "none" } }),
      button(W.turn, () => turn(90), { data: { "data-at": "turn" } })),
    grid && make("div", { className: "tabs" },
      button(W.addColumn, () => { tool = tool === "xs" ? "" : "xs"; redraw(); }, { data: { "aria-pressed": String(tool === "xs"), "data-at": "add-column" } }),
      button(W.addRow, () => { tool = tool === "ys" ? "" : "ys"; redraw(); }, { data: { "aria-pressed": String(tool === "ys"), "data-at": "add-row" } }),
      button(W.suggest, again, { data: { "data-at": "suggest" } }),
      button(W.merge, mergeChosen, { disabled: !chosen, data: { "data-at": "merge" } }),
      button(W.split, splitChosen, { disabled: !chosen, data: { "data-at": "split" } })),
    make("p", { className: "faint", textContent: tool ? W.hint[tool] : grid ? W.hint.lines : W.hint.none }),
    shown.empty.length ? make("p", { className: "faint", textContent: W.saidEmpty(shown.empty.length) }) : null,
  ].filter(Boolean));
}
function go(by) { open(page + by).catch(error => notice(error.message)); }
async function again() { // lines anew, in the area as it is
  const area = areaOf(grid);
  try {
    const { xs, ys } = await post(`/api/documents/${id}/suggest`, { page, area, rotation: grid.rotation });
    Object.assign(grid, { xs, ys, merges: [], columns: [] });
    touch();
    keep();
  } catch (error) { notice(error.message); }
}
function mergeChosen() { if (chosen) { chosen = merge(grid, chosen); touch(); keep(); drawBoard(); } }
function splitChosen() { if (chosen && split(grid, chosen)) { touch(); keep(); drawBoard(); } }

// --- the board: picture, areas, lines ------------------------------------------------------------------------------
function drawBoard() {
  const [w, h] = upright();
  const focused = document.activeElement?.dataset?.at;
  const turn = { 0: "", 90: `matrix(0 -1 1 0 0 ${shown.width})`, 180: `matrix(-1 0 0 -1 ${shown.width} ${shown.height})`, 270: `matrix(0 1 -1 0 ${shown.height} 0)` }[view];
  const svg = draw("svg", { viewBox: `0 0 ${w} ${h}`, class: tool ? `tool-${tool}` : "", role: "group", "aria-label": words.page(page) });
  svg.style.width = `${zoom * 100}%`;
  const at0 = [node.board.scrollLeft, node.board.scrollTop];
  svg.append(draw("image", { href: `/api/documents/${id}/picture/${page}?dpi=${DPI}`, width: shown.width, height: shown.height, transform: turn }));
  shown.tables.forEach((table, n) => {
    if (n === at) return;
    const [x0, top, x1, bottom] = turned(table.area, -view, shown.width, shown.height);
    const box = draw("rect", { x: x0, y: top, width: x1 - x0, height: bottom - top, class: "other" });
    box.addEventListener("click", () => { if (!tool) choose(n); });
    svg.append(box);
  });
  for (const { area } of shown.empty) {
    const [x0, top, x1, bottom] = turned(area, -view, shown.width, shown.height);
    svg.append(draw("rect", { x: x0, y: top, width: x1 - x0, height: bottom - top, class: "empty" }));
  }
  if (grid) {
    cells(grid).forEach((cell, n) => svg.append(place(cell, n)));
    for (const axis of ["ys", "xs"]) grid[axis].forEach((_, n) => svg.append(...line(axis, n)));
  }
  svg.addEventListener("pointerdown", down);
  svg.addEventListener("pointermove", moved);
  svg.addEventListener("pointerup", up);
  node.board.replaceChildren(svg);
  node.board.scrollTo(...at0);
  if (focused) node.board.querySelector(`[data-at="${focused}"]`)?.focus();
}
function place(cell, n) {
  const [r0, c0, r1, c1] = cell;
  const on = chosen && r0 < chosen[2] && r1 > chosen[0] && c0 < chosen[3] && c1 > chosen[1];
  const kind = grid.header_rows && r0 < grid.header_rows ? "head" : grid.total_rows?.includes(r0) ? "total" : "";
  const first = chosen ? r0 === chosen[0] && c0 === chosen[1] : n === 0;
  const text = shown.tables[at]?.cells.find(([r, c]) => r === r0 && c === c0)?.[4] || words.empty;
  const rect = draw("rect", { x: grid.xs[c0], y: grid.ys[r0], width: grid.xs[c1] - grid.xs[c0], height: grid.ys[r1] - grid.ys[r0],
    class: `place ${kind} ${on ? "on" : ""}`, tabindex: first ? 0 : -1, role: "button", "aria-pressed": String(Boolean(on)), "aria-label": W.cellAt(r0 + 1, c0 + 1, text), "data-at": `cell-${r0}-${c0}` });
  rect.addEventListener("click", event => {
    if (tool) return;
    chosen = event.shiftKey && chosen ? [Math.min(chosen[0], r0), Math.min(chosen[1], c0), Math.max(chosen[2], r1), Math.max(chosen[3], c1)] : cell;
    drawSide(); drawBoard();
    node.board.querySelector(`[data-at="cell-${r0}-${c0}"]`)?.focus();
  });
  rect.addEventListener("keydown", event => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === " " || event.key === "Enter") { chosen = cell; drawSide(); drawBoard(); }
    else if (step) {
      const to = cells(grid).find(([a, b, c, d]) => { const r = step[0] < 0 ? r0 - 1 : step[0] > 0 ? r1 : r0, k = step[1] < 0 ? c0 - 1 : step[1] > 0 ? c1 : c0; return a <= r && r < c && b <= k && k < d; });
      if (!to) return;
      const from = chosen || cell;
      chosen = event.shiftKey ? [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[2], to[2]), Math.max(from[3], to[3])] : to;
      drawSide(); drawBoard();
      node.board.querySelector(`[data-at="cell-${to[0]}-${to[1]}"]`)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return rect;
}
function line(axis, n) {
  const across = axis === "ys";
  const ends = across ? { x1: grid.xs[0], x2: grid.xs.at(-1), y1: grid.ys[n], y2: grid.ys[n] } : { x1: grid.xs[n], x2: grid.xs[n], y1: grid.ys[0], y2: grid.ys.at(-1) };
  const thin = draw("line", { ...ends, class: "line" });
  const wide = draw("line", { ...ends, class: `handle ${across ? "across" : "down"}`, tabindex: 0, role: "slider", "aria-orientation": across ? "vertical" : "horizontal",
    "aria-label": across ? W.rowLine(n + 1) : W.columnLine(n + 1), "aria-valuenow": Math.round(grid[axis][n]), "aria-valuemin": 0, "aria-valuemax": Math.round(upright()[across ? 1 : 0]), "data-at": `${axis}-${n}` });
  wide.addEventListener("pointerdown", event => {
    if (tool) return;
    event.stopPropagation();
    event.preventDefault();
    wide.focus();
    drag = { axis, n, moved: false };
    node.board.firstChild.setPointerCapture(event.pointerId);
  });
  wide.addEventListener("keydown", event => {
    const back = across ? "ArrowUp" : "ArrowLeft", on = across ? "ArrowDown" : "ArrowRight";
    const by = event.shiftKey ? 5 : 1;
    if (event.key === back || event.key === on) { moveLine(grid, axis, n, grid[axis][n] + (event.key === on ? by : -by)); touch(); keep(500); }
    else if (event.key === "Delete" || event.key === "Backspace") { if (!removeLine(grid, axis, n)) return; touch(); keep(); }
    else if (event.key === "+" || event.key === "Insert") {
      const next = n < grid[axis].length - 1 ? n + 1 : n - 1;
      if (addLine(grid, axis, (grid[axis][n] + grid[axis][next]) / 2) < 0) return;
      touch(); keep();
    } else return;
    event.preventDefault();
    event.stopPropagation();
    drawBoard();
    node.board.querySelector(`[data-at="${axis}-${Math.min(n, grid[axis].length - 1)}"]`)?.focus();
  });
  return [thin, wide];
}
function spot(event) {
  const svg = node.board.firstChild, point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
}
function down(event) {
  if (event.button) return;
  const [x, y] = spot(event);
  if (tool === "area") {
    drag = { from: [x, y], box: draw("rect", { class: "drawn", x, y, width: 0, height: 0 }) };
    node.board.firstChild.append(drag.box);
    node.board.firstChild.setPointerCapture(event.pointerId);
  } else if (tool && grid) {
    if (addLine(grid, tool, tool === "xs" ? x : y) >= 0) { touch(); keep(); drawBoard(); }
  }
}
function moved(event) {
  if (!drag) return;
  const [x, y] = spot(event);
  if (drag.from) {
    const [a, b] = drag.from;
    for (const [name, value] of Object.entries({ x: Math.min(a, x), y: Math.min(b, y), width: Math.abs(x - a), height: Math.abs(y - b) })) drag.box.setAttribute(name, value);
  } else {
    drag.moved = true;
    moveLine(grid, drag.axis, drag.n, drag.axis === "xs" ? x : y);
    const along = drag.axis === "xs" ? ["x1", "x2"] : ["y1", "y2"];
    const handle = node.board.querySelector(`[data-at="${drag.axis}-${drag.n}"]`);
    for (const one of [handle, handle.previousSibling]) for (const name of along) one.setAttribute(name, grid[drag.axis][drag.n]);
  }
}
function up(event) {
  const was = drag;
  drag = null;
  if (!was) return;
  if (was.from) {
    const [x, y] = spot(event), [a, b] = was.from, [w, h] = upright();
    was.box.remove();
    tool = "";
    const box = [Math.max(0, Math.min(a, x)), Math.max(0, Math.min(b, y)), Math.min(w, Math.max(a, x)), Math.min(h, Math.max(b, y))];
    if (box[2] - box[0] > 10 && box[3] - box[1] > 10) newTable(turned(box, view, w, h)); else redraw();
  } else if (was.moved) { touch(); keep(); drawBoard(); }
}

// --- what is said of the table -------------------------------------------------------------------------------------
function drawForm() {
  if (!node || !shown) return;
  const focused = document.activeElement?.dataset?.at;
  node.form.replaceChildren(...(grid ? formOf(shown.tables[at]) : [make("p", { className: "faint", textContent: W.choose })]), ...sumsOf());
  if (focused) node.form.querySelector(`[data-at="${focused}"]`)?.focus();
}
function formOf(table) {
  const number = (name, label, value, set) => make("label", {}, label, make("input", { type: "number", min: 0, max: grid.ys.length - 2, value: value ?? "", data: { "data-at": name }, on: { change: event => { set(event.target.value === "" ? null : Math.max(0, Math.min(grid.ys.length - 2, Math.round(+event.target.value)))); keep(); } } }));
  const text = (name, label, value, set) => make("label", {}, label, make("input", { value: value ?? "", data: { "data-at": name }, on: { change: event => { set(event.target.value); keep(); } } }));
  const rows = text("totals", W.totals, (grid.total_rows || []).map(row => row + 1).join(", "), value => {
    const found = value.normalize("NFKC").split(/[^0-9]+/).filter(Boolean).map(n => +n - 1).filter(n => n >= 0 && n < grid.ys.length - 1);
    grid.total_rows = value.trim() ? found : null;
  });
  const joins = make("label", {}, W.joins, make("select", { data: { "data-at": "joins" }, on: { change: event => { grid.joins_next = { "": null, yes: true, no: false }[event.target.value]; keep(); } } },
    [["", `${W.asFound} (${table.joins_next ? W.yes : W.no})`], ["yes", W.yes], ["no", W.no]].map(([value, label]) => make("option", { value, textContent: label, selected: { "": null, yes: true, no: false }[value] === grid.joins_next }))));
  const title = one => document.documentElement.lang === "en" ? one.title_en || one.title : one.title;
  const dataset = make("label", {}, W.dataset, make("select", { data: { "data-at": "dataset" }, on: { change: event => { grid.dataset = event.target.value; if (!grid.dataset) grid.columns = []; keep(); } } },
    make("option", { value: "", textContent: W.auto }), told.datasets.map(d => make("option", { value: d.name, textContent: title(d), selected: d.name === grid.dataset }))));
  const fields = told.datasets.find(d => d.name === grid.dataset)?.fields || [];
  const columns = fields.length ? make("fieldset", { className: "columns" }, make("legend", { textContent: W.columns }), grid.xs.slice(1).map((_, col) => make("label", {}, `${W.column(col + 1)} ${headOf(table, col)}`,
    make("select", { data: { "data-at": `field-${col}` }, on: { change: event => { grid.columns = [...grid.columns.filter(([c]) => c !== col), ...(event.target.value ? [[col, event.target.value]] : [])].sort((a, b) => a[0] - b[0]); keep(); } } },
      make("option", { value: "", textContent: W.auto }), fields.map(f => make("option", { value: f.name, textContent: title(f), selected: grid.columns.some(([c, name]) => c === col && name === f.name) })))))) : null;
  return [
    make("h2", { textContent: W.saidOf(at + 1) }),
    table.reasons?.length ? make("ul", { className: "bad" }, table.reasons.map(reason => make("li", { textContent: reason }))) : null,
    make("div", { className: "fields" }, number("heads", W.heads, grid.header_rows, value => { grid.header_rows = value; grid.heads = value !== null; }), rows,
      text("caption", W.caption, grid.caption ?? table.caption, value => { grid.caption = value; }), text("unit", W.unit, grid.unit ?? table.unit, value => { grid.unit = value; }), joins, dataset),
    columns,
    make("h2", { textContent: W.preview }),
    preview(table),
    table.said ? make("p", { className: "buttons" }, button(W.remember, rememberIt, { className: "first", data: { "data-at": "remember" } })) : null,
    ...layoutsOf(),
  ].filter(Boolean);
}
const headOf = (table, col) => table.cells.filter(([r, c, , span]) => r < Math.max(1, table.header_rows) && c <= col && col < c + span).map(cell => cell[4]).filter(Boolean).join(" ").slice(0, 24);

function preview(table) {
  const rows = [];
  for (const [r, c, rs, cs, text] of table.cells) (rows[r] ||= []).push(make(r < table.header_rows ? "th" : "td", { rowSpan: rs, colSpan: cs, textContent: text }));
  return make("div", { className: "preview", tabIndex: 0, data: { "aria-label": W.preview } }, make("table", {}, make("tbody", {}, Array.from({ length: Math.min(table.ys.length - 1, 300) }, (_, r) => make("tr", {}, rows[r] || [])))));
}
function sumsOf() {
  if (!sums) return [];
  const failed = sums.checks.filter(check => check.status === "fail");
  return [make("h2", { textContent: words.checksTitle(sums.passes, sums.fails) }), make("ul", { className: "sums", id: "mend-sums" }, failed.slice(0, 12).map(sum))];
}
async function rememberIt() {
  const name = app.state.documents.find(d => d.id === id)?.name || "";
  try {
    const told = await post(`/api/documents/${id}/remember`, { page, area: shown.tables[at].area, name: (grid.caption || shown.tables[at].caption || name).split("\n").at(-1).slice(0, 60) });
    notice(W.remembered(told.name, told.places), false);
    layouts = (await get("/api/layouts")).layouts;
    drawForm();
  } catch (error) { notice(error.told?.why === "few-words" ? W.fewWords : error.message); }
}
function layoutsOf() {
  if (!layouts.length) return [];
  return [make("h2", { textContent: W.layouts }), make("ul", { className: "layouts" }, layouts.map(one => make("li", {}, make("span", { textContent: one.name }),
    one.places ? button(W.apply(one.places), async () => {
      try { const done = await post(`/api/layouts/${one.digest}/apply`); notice(W.applied(done.places), false); layouts = (await get("/api/layouts")).layouts; await open(page, at); } catch (error) { notice(error.message); }
    }, { className: "small", data: { "data-at": `apply-${one.digest}` } }) : null,
    make("a", { className: "button small", href: `/api/layouts/${one.digest}/file`, download: "", textContent: W.file }),
    button(words.remove, async () => { if (await ask(W.forgetAsk(one.name), words.remove)) { try { await post(`/api/layouts/${one.digest}/forget`); layouts = (await get("/api/layouts")).layouts; drawForm(); } catch (error) { notice(error.message); } } }, { className: "small" }))))];
}

export function key(event) {
  if (event.key === "[" || event.key === "]") { go(event.key === "]" ? 1 : -1); return true; }
  if (event.key === "m" && chosen) { mergeChosen(); return true; }
  if (event.key === "x" && chosen) { splitChosen(); return true; }
  if (event.key === "Escape" && (tool || chosen)) { tool = ""; chosen = null; redraw(); return true; }
  return false;
}
export const news = () => {};
export async function stepped() { if (told?.ready) { try { told = await get(`/api/documents/${id}/tables`); await open(page, at); sums = await get(`/api/documents/${id}`); drawForm(); } catch (error) { notice(error.message); } } }
