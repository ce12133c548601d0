// All flagged cells of all documents: chosen by filters, settled by keyboard, one after another.
import { $, ask, button, make, notice, number, words } from "./dom.js";
import { flags, settle as keep } from "./flags.js";
import { drawCard } from "./card.js";
import { picture, sheet } from "./page.js";
import { virtual } from "./list.js";

// A cell that is doubted for being empty is not settled together with others.
const UNSAID = new Set(["unproved-blank", "missing-name", "unknown-municipality", "unknown-year", "illegible", "uncastable"]);
const ORDER = { sums: 0, letters: 1, identity: 2, names: 3, structure: 4 };
let app, node, rows = [], list, view, at = 0, current = null, filter = { document: "", dataset: "", about: "", kind: "", text: "", settled: false };

export function enter(main, frame, document = "") {
  app = frame;
  filter.document = document;
  filter.settled = false;
  view = sheet();
  node = {
    filters: make("form", { className: "filters", data: { "aria-label": words.filters }, on: { submit: event => event.preventDefault() } }),
    count: make("p", { id: "progress", className: "count", data: { role: "status" } }),
    list: make("div", { className: "list", tabIndex: -1 }),
    card: make("article", { id: "card", tabIndex: -1, data: { "aria-live": "polite", "aria-label": words.card } }),
    page: make("section", { className: "beside", tabIndex: 0, data: { "aria-label": words.picture } }, view.node),
  };
  main.append(make("section", { className: "queue" }, node.filters, node.count, node.list), node.card, node.page);
  list = virtual(node.list, { count: 0, height: 44, row: line, role: "list" });
  refresh(true);
}

export function leave() { list?.stop?.(); list = null; }

export const keys = () => [["n / ↓", words.keys.next], ["p / ↑", words.keys.previous], ["Enter", words.keys.accept], ["1–9", words.keys.choose],
  ["e", words.keys.type], ["s", words.skipIt], ["a", words.keys.alike], ["c", words.noteTitle], ["r", words.reportError]];

// --- which cells ------------------------------------------------------------------------------------------------
const about = card => card.about || "structure";
function chosen(without = "") {
  const wanted = filter.text.normalize("NFKC").toLowerCase();
  const found = [];
  for (const card of flags.all()) {
    if (!filter.settled && card.status !== "review") continue;
    if (filter.settled && card.status === "review") continue;
    if (filter.document && without !== "document" && card.document !== filter.document) continue;
    if (filter.dataset && without !== "dataset" && card.dataset_title !== filter.dataset) continue;
    if (filter.about && without !== "about" && about(card) !== filter.about) continue;
    if (filter.kind && without !== "kind" && !card.kinds.includes(filter.kind)) continue;
    if (wanted && !`${card.label} ${card.field_title} ${card.value} ${card.raw}`.normalize("NFKC").toLowerCase().includes(wanted)) continue;
    found.push(card);
  }
  return found;
}
function sorted(cards) {
  const place = new Map(app.state.documents.map((d, n) => [d.id, n]));
  const rank = card => [card.skipped ? 1 : 0, place.get(card.document) ?? 0, ORDER[about(card)] ?? 5, card.page, card.box[1], card.box[0]];
  return cards.map(card => [rank(card), card]).sort(([a], [b]) => { for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i]; return 0; }).map(([, card]) => card);
}

function drawFilters() {
  const counted = (name, of, title) => {
    const counts = new Map();
    for (const card of chosen(name)) for (const value of of(card)) counts.set(value, (counts.get(value) || 0) + 1);
    if (filter[name] && !counts.has(filter[name])) counts.set(filter[name], 0);
    const options = [...counts].sort(([, a], [, b]) => b - a).map(([value, n]) => make("option", { value, textContent: `${title(value)} (${number(n)})`, selected: value === filter[name] }));
    return make("label", {}, words.filter[name], make("select", { id: `filter-${name}`, on: { change: event => { filter[name] = event.target.value; refresh(true); } } },
      make("option", { value: "", textContent: words.all }), options));
  };
  const names = new Map(app.state.documents.map(d => [d.id, d.name]));
  const focused = document.activeElement?.id;
  node.filters.replaceChildren(
    counted("document", card => [card.document], id => names.get(id) || id),
    counted("dataset", card => [card.dataset_title], title => title),
    counted("about", card => [about(card)], value => words.about[value] || value),
    counted("kind", card => new Set(card.kinds), kind => words.kinds[kind] || words.kinds.other),
    make("label", { className: "wide" }, words.filter.text, make("input", { id: "filter-text", type: "search", value: filter.text, on: { input: event => { filter.text = event.target.value; refresh(true, true); } } })),
    make("label", { className: "check" }, make("input", { id: "filter-settled", type: "checkbox", checked: filter.settled, on: { change: event => { filter.settled = event.target.checked; refresh(true); } } }), words.filter.settled),
    button(words.acceptShown(rows.length), acceptShown, { disabled: filter.settled || rows.length < 2, className: "bulk" }));
  if (focused?.startsWith("filter-")) { const field = $(focused); field?.focus(); if (field?.type === "search") field.setSelectionRange(filter.text.length, filter.text.length); }
}

function refresh(first = false, typing = false) {
  rows = sorted(chosen());
  if (!typing) drawFilters(); else node.filters.querySelector(".bulk").textContent = words.acceptShown(rows.length);
  list.refresh(rows.length);
  count();
  if (first) show(0);
}
function count() {
  let left = 0, all = 0;
  for (const card of flags.all()) { if (!filter.document || card.document === filter.document) { all++; left += card.status === "review"; } }
  node.count.textContent = left ? words.left(left, all) : words.nothingLeft;
}

function line(index) {
  const card = rows[index];
  const open = make("button", { type: "button", className: "line", data: { "aria-current": index === at ? "true" : null }, on: { click: () => show(index, true) } },
    make("span", { className: "sign", textContent: card.status === "review" ? (card.skipped ? "…" : "⚑") : "✎" }),
    make("span", { className: "what" }, [card.label, card.field_title].filter(Boolean).join(" · "),
      app.state.documents.length > 1 && !filter.document && make("small", { textContent: app.state.documents.find(d => d.id === card.document)?.name || "" })),
    make("span", { className: "value", textContent: card.value || card.text || words.empty }));
  return make("div", { data: { role: "listitem" } }, open);
}

// --- one after another --------------------------------------------------------------------------------------------
const acceptable = card => card.value !== "" || !card.kinds.some(kind => UNSAID.has(kind));
const sameAs = card => !acceptable(card) ? [] : rows.filter(o => o.status === "review" && o.field_title === card.field_title && o.raw === card.raw && o.value === card.value && o.kinds.join() === card.kinds.join());

function show(index, focus = false) {
  const before = at;
  at = Math.max(0, Math.min(index, rows.length - 1));
  current = rows[at] || null;
  for (const n of [before, at]) list.node(n)?.firstChild?.toggleAttribute("aria-current", n === at);
  if (rows.length) list.reveal(at);
  if (!current) {
    node.card.replaceChildren(make("p", { className: "done", textContent: filter.settled || [...flags.all()].length ? words.nothingHere : words.nothingLeft }));
    view.show("", null);
    return;
  }
  drawCard(node.card, current, { settle: answer, skip: later, alike: sameAs(current), settleAlike: () => acceptAll(sameAs(current)) });
  view.show(current.document, current);
  const next = rows[at + 1];
  if (next?.page && (next.page !== current.page || next.document !== current.document)) picture(next.document, next.page, next.rotation).catch(() => {});
  if (focus) node.card.focus({ preventScroll: true });
}

function answer(value, more = {}) {
  if (!current) return;
  const card = { ...current, new: value, ...more };
  keep([card]).catch(() => list && refresh());
  stay(1);
}
/** After an answer the next cell comes to the same place of the list. */
function stay(gone) {
  const typed = document.activeElement;
  rows = filter.settled ? rows : rows.filter(row => flags.get(row.document, row.key)?.status === "review");
  list.refresh(rows.length);
  node.filters.querySelector(".bulk").textContent = words.acceptShown(rows.length);
  count();
  show(at + (filter.settled ? gone : 0));
  if (typed && !document.contains(typed)) node.card.focus({ preventScroll: true });
}
function later() {
  if (!current) return;
  flags.skip(current);
  const key = rows[at + 1];
  rows = [...rows.filter(row => row !== current), { ...current, skipped: true }];
  list.refresh(rows.length);
  show(key ? at : 0);
  node.card.focus({ preventScroll: true });
}
async function acceptAll(cards) {
  const sure = cards.filter(acceptable);
  if (!sure.length || !(await ask(words.acceptAsk(sure.length), words.accept))) return;
  keep(sure.map(card => ({ ...card, new: card.value }))).then(() => notice(words.accepted(sure.length), false), () => {});
  stay(1);
  drawFilters();
}
const acceptShown = () => acceptAll(rows.filter(card => card.status === "review"));

export function key(event) {
  const move = { n: 1, j: 1, ArrowDown: 1, p: -1, k: -1, ArrowUp: -1 }[event.key];
  if (move && node.page.contains(event.target) && event.key.startsWith("Arrow")) return false;
  if (move) { show(at + move, true); return true; }
  if (!current) return false;
  if (event.key === "Enter") {
    if (event.target.tagName === "BUTTON" || event.target.tagName === "A" || event.target.tagName === "SUMMARY") return false;
    if (current.value === "") node.card.card.focus(); else answer(current.value);
    return true;
  }
  if (event.key >= "1" && event.key <= "9") {
    const text = node.card.card.take(+event.key - 1);
    if (text !== undefined) answer(text);
    return true;
  }
  const act = { e: () => node.card.card.focus(), s: later, r: () => node.card.card.error("report-error"), c: () => node.card.card.error(), a: () => acceptAll(sameAs(current)) }[event.key];
  if (act) { act(); return true; }
  return false;
}

export function news() {
  if (!list) return;
  const typing = node.card.contains(document.activeElement) && /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName);
  const fresh = sorted(chosen());
  const same = fresh.length === rows.length && fresh.every((card, n) => rows[n].key === card.key && rows[n].document === card.document && rows[n].value === card.value && rows[n].reason === card.reason);
  count();
  if (same) return;
  const here = current && fresh.findIndex(card => card.key === current.key && card.document === current.document);
  rows = fresh;
  list.refresh(rows.length);
  drawFilters();
  if (typing) { at = here >= 0 ? here : at; return; }   // nobody's typing is taken away
  show(here >= 0 ? here : Math.min(at, rows.length - 1));
}
export function stepped() { news(); }
export const shownCard = () => current;
