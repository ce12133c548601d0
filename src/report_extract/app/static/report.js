// One document: its datasets cell by cell, the page beside them, checks and findings.
import { button, make, notice, number, saving, words } from "./dom.js";
import { get, save } from "./api.js";
import { flags, settle as keep } from "./flags.js";
import { drawCard, sum } from "./card.js";
import { sheet } from "./page.js";
import { virtual } from "./list.js";

const STATUS = ["ok", "repaired", "review", "correction"];
let app, id, told, node, list, view, rows = [], dataset = null, at = { row: 0, col: 0 }, card = null, version = 0, asked = 0;

export const keys = () => [["← ↑ → ↓", words.keys.move], ["Enter / e", words.keys.type], ["1–9", words.keys.choose], ["Esc", words.keys.back]];

export async function enter(main, frame, document) {
  app = frame;
  id = document;
  view = sheet();
  node = {
    head: make("section", { className: "report-head" }),
    tabs: make("div", { className: "tabs", data: { role: "tablist", "aria-label": words.datasets } }),
    grid: make("div", { className: "grid", tabIndex: 0, data: { role: "grid" } }),
    card: make("article", { id: "card", tabIndex: -1, data: { "aria-live": "polite", "aria-label": words.card } }),
    page: make("section", { className: "beside", tabIndex: 0, data: { "aria-label": words.picture } }, view.node),
    checks: make("section", { className: "checks" }),
  };
  main.append(node.head, make("section", { className: "data" }, node.tabs, node.grid, node.checks), node.card, node.page);
  try { await load(); } catch (error) { notice(error.message); }
}
export function leave() { list?.stop?.(); list = null; told = null; dataset = null; }

async function load() {
  told = await get(`/api/documents/${id}`);
  version = app.state.flags;
  if (!node) return;
  drawHead();
  const wanted = told.datasets.find(d => d.name === dataset?.name) || told.datasets.find(d => d.left && d.name !== "documents") || told.datasets.find(d => d.rows && d.name !== "documents") || told.datasets[0];
  await open(wanted);
}

function drawHead() {
  document.title = `${told.name} – report-extract`;
  node.head.replaceChildren(
    make("h1", { textContent: told.name }),
    make("p", {}, make("span", { className: `chip ${told.status}`, textContent: words.states[told.status] || told.status }), " ",
      [told.municipality, told.year && words.fiscal(told.year), words.pages(told.pages)].filter(Boolean).join(" · ")),
    make("p", { className: "buttons" },
      told.left ? make("a", { className: "button first", href: `#settle/${id}`, textContent: words.settleFlagged(told.left) }) : null,
      make("a", { className: "button", href: `#mend/${id}`, textContent: words.mendTables }),
      saving("ZIP", `/api/download/zip?document=${id}`, save, { className: "button" }),
      saving("Excel", `/api/download/xlsx?document=${id}`, save, { className: "button" })));
  node.tabs.replaceChildren(...told.datasets.map(d => button(`${d.title} (${number(d.rows)}${d.left ? ` · ⚑${number(d.left)}` : ""})`, () => open(d),
    { data: { role: "tab", "aria-selected": String(d.name === dataset?.name) } })));
  const order = { fail: 0, explained: 1, repaired: 2, pass: 3 };
  const checks = [...told.checks].sort((a, b) => order[a.status] - order[b.status]);
  node.checks.replaceChildren(
    ...(told.found.length ? [make("h2", { textContent: words.findings }), make("ul", {}, told.found.map(f => make("li", { className: "fail" }, f.page ? `${words.page(f.page)}: ${f.text}` : f.text)))] : []),
    make("h2", { textContent: told.passes + told.fails ? words.checksTitle(told.passes, told.fails) : words.noChecks }),
    make("ul", { className: "sums" }, checks.slice(0, 300).map(sum)));
}

async function open(wanted) {
  dataset = wanted;
  for (const [n, tab] of [...node.tabs.children].entries()) tab.setAttribute("aria-selected", String(told.datasets[n].name === dataset.name));
  rows = (await get(`/api/documents/${id}/dataset/${encodeURIComponent(dataset.name)}`)).rows;
  if (!node || !dataset) return;
  node.grid.style.setProperty("--columns", `3.5rem ${dataset.fields.map(width).join(" ")}`);
  node.grid.setAttribute("aria-label", dataset.title);
  node.grid.setAttribute("aria-rowcount", rows.length);
  const scroller = make("div", { className: "rows" });
  const head = make("div", { className: "head", data: { role: "row" } }, make("span", { data: { role: "columnheader" }, textContent: "#" }),
    dataset.fields.map(f => make("span", { data: { role: "columnheader" }, title: f.name, textContent: f.unit ? `${f.title} (${f.unit})` : f.title })));
  node.grid.replaceChildren(scroller);
  list?.stop?.();
  list = virtual(scroller, { count: rows.length, height: 34, row: line, role: "rowgroup" });
  scroller.prepend(head);
  at = { row: Math.min(at.row, Math.max(rows.length - 1, 0)), col: Math.min(at.col, dataset.fields.length - 1) };
  const flagged = rows.findIndex(row => row.slice(1).some(cell => cell?.[1] === 2));
  if (flagged >= 0) at = { row: flagged, col: rows[flagged].slice(1).findIndex(cell => cell?.[1] === 2) };
  select(false);
}

/** Columns are as wide as what stands in them, long texts wrap: in ems, as every letter of Japanese is one wide. */
function width(field, col) {
  const ems = text => { let sum = 0; for (const letter of text) sum += letter > "\u02ff" ? 1 : 0.6; return sum; };
  let widest = ems(field.unit ? `${field.title} (${field.unit})` : field.title) * 1.05;
  for (const row of rows) if (row[col + 1]) widest = Math.max(widest, ems(said(row[col + 1][0], field)) + (row[col + 1][1] ? 1.3 : 0));
  return `${Math.max(4, Math.min(21, widest) + 1.3).toFixed(1)}em`;
}
const said = (value, field) => field.type === "boolean" ? words.booleans[value] ?? value : words.choices[value] && ["choice", "row_type"].includes(field.type) ? words.choices[value] : value;

function line(index) {
  const row = rows[index];
  return make("div", { className: "row", data: { role: "row", "aria-rowindex": index + 1 } }, make("span", { className: "number", textContent: index + 1, data: { role: "rowheader" } }),
    row.slice(1).map((cell, col) => make("span", {
      className: `cell ${cell ? STATUS[cell[1]] : "none"} ${["count", "integer", "number", "percent"].includes(dataset.fields[col].type) ? "figure" : ""}`, textContent: cell ? said(cell[0], dataset.fields[col]) : "", tabIndex: index === at.row && col === at.col ? 0 : -1,
      data: { role: "gridcell", "aria-selected": String(index === at.row && col === at.col), "data-col": col, "aria-label": cell && cell[1] ? `${cell[0] || words.empty} (${words.statuses[STATUS[cell[1]]]})` : null },
      on: { click: () => { at = { row: index, col }; select(true); } },
    })));
}
const cellNode = () => list?.node(at.row)?.querySelector(`[data-col="${at.col}"]`);

async function select(focus) {
  if (!rows.length) { node.card.replaceChildren(); view.show(id, null); return; }
  node.grid.querySelectorAll('[aria-selected="true"]').forEach(one => { one.setAttribute("aria-selected", "false"); one.tabIndex = -1; });
  list.reveal(at.row);
  const chosen = cellNode();
  if (chosen) { chosen.setAttribute("aria-selected", "true"); chosen.tabIndex = 0; if (focus) chosen.focus(); chosen.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  if (!rows[at.row]?.[at.col + 1]) { card = null; node.card.replaceChildren(make("p", { className: "faint", textContent: words.noCell })); return; }
  const key = `${dataset.name}:${at.row}:${dataset.fields[at.col].name}`;
  const mine = ++asked;
  try {
    const found = await get(`/api/documents/${id}/cell?key=${encodeURIComponent(key)}`);
    if (mine !== asked || key !== `${dataset?.name}:${at.row}:${dataset?.fields[at.col].name}`) return;
    card = { ...found, document: id, shown: found.value };
    drawCard(node.card, card, { settle: answer });
    view.show(id, card);
  } catch (error) { notice(error.message); }
}

async function answer(value, more = {}) {
  const { row, col } = at;
  rows[row][col + 1] = [value, 3];
  list.refresh();
  select(true);
  try { await keep([{ ...card, new: value, ...more }]); } catch { await load(); }
}

export function key(event) {
  if (node.grid.contains(event.target)) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0], Home: [0, -99], End: [0, 99] }[event.key];
    if (step) {
      at = { row: Math.max(0, Math.min(rows.length - 1, at.row + step[0])), col: Math.max(0, Math.min(dataset.fields.length - 1, at.col + step[1])) };
      select(true);
      return true;
    }
    if (event.key === "Enter" || event.key === "e") { node.card.card?.focus(); return true; }
    if (event.key >= "1" && event.key <= "9" && card) { const text = node.card.card?.take(+event.key - 1); if (text !== undefined) answer(text); return true; }
  }
  if (event.key === "Escape") { cellNode()?.focus(); return true; }
  return false;
}

export async function news(state) {
  if (!told || state.flags === version) return;
  version = state.flags;
  const typing = node.card.contains(document.activeElement) && /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName);
  try {
    told = await get(`/api/documents/${id}`);
    if (!node || !dataset) return;
    const same = told.datasets.find(d => d.name === dataset.name);
    if (!same) { await open(told.datasets[0]); return; }
    dataset = same;
    rows = (await get(`/api/documents/${id}/dataset/${encodeURIComponent(dataset.name)}`)).rows;
    const focused = node.grid.contains(document.activeElement);
    drawHead();
    list.refresh(rows.length);
    if (!typing) select(focused);
  } catch (error) { notice(error.message); }
}
export const stepped = () => news(app.state);
