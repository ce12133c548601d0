"use strict";
const WORDS = {
  ja: { flagged: "要確認", none: "要確認のセルはありません", checks: "検査", help: "キー操作", download: n => `訂正${n}件をファイルに保存`, undo: "元に戻す", kept: "このブラウザーに保存済み", notKept: "このブラウザーには保存できません。閉じる前にファイルに保存してください",
    left: (n, all) => `要確認 残り ${n} / ${all}`, as: "このまま確定", type: "正しい値", reading: "読み", findings: "指摘",
    keys: [["n / ↓", "次へ"], ["p / ↑", "前へ"], ["Enter", "今の値のまま確定"], ["1–9", "候補を選ぶ"], ["e", "入力する(Enterで確定、Escで取消)"], ["Ctrl+Z", "元に戻す"], ["?", "この一覧"]],
    page: n => `${n}ページ`, row: n => `${n}行目`,
    by: { pdfium: "文字情報", pdfplumber: "文字情報2", rapidocr: "文字認識", glyphs: "字形", equation: "計算", sequence: "連番",
      ditto: "同左等", rapidfuzz: "名簿", heading: "見出し", review: "人", ocr_text: "OCR文", blank: "空欄", profile: "定義" } },
  en: { flagged: "To review", none: "Nothing to review", checks: "Checks", help: "Keys", download: n => `Save ${n} corrections as a file`, undo: "Undo", kept: "kept in this browser", notKept: "this browser keeps nothing: save the file before you close it",
    left: (n, all) => `${n} of ${all} to review`, as: "accept as it is", type: "The right value", reading: "reading", findings: "Findings",
    keys: [["n / ↓", "next"], ["p / ↑", "previous"], ["Enter", "accept the value as it is"], ["1–9", "choose a candidate"], ["e", "type (Enter accepts, Esc cancels)"], ["Ctrl+Z", "undo"], ["?", "this list"]],
    page: n => `page ${n}`, row: n => `row ${n}`,
    by: { pdfium: "text layer", pdfplumber: "text layer 2", rapidocr: "recogniser", glyphs: "glyphs", equation: "arithmetic",
      sequence: "sequence", ditto: "ditto", rapidfuzz: "names", heading: "heading", review: "person", ocr_text: "OCR text", blank: "blank", profile: "profile" } },
};
const words = WORDS[content.lang];
const $ = id => document.getElementById(id);
const make = (tag, props = {}, ...children) => {
  const { data, ...rest } = props;
  const node = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(data || {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const pages = new Map();   // page number -> {page, figure, image}
let shown = structuredClone(content);   // what the tables show, with what was answered here
let queue = [];            // places of the flagged cells, the most telling first
let at = 0;
let total = 0;
const STORE = `report-extract ${content.sha256}`;
let local = [];            // answers, the latest last: {key, told: a line of corrections.jsonl}
let keeps = true;          // whether this browser keeps them when the page is closed
const pending = new Map(); // place -> value answered

// --- pages: a picture is decoded when its page comes near the window -------------------------------------------
const near = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) picture(pages.get(+entry.target.dataset.page));
}, { rootMargin: "600px" });
function picture(one) {
  if (!one.image.src) one.image.src = "data:image/png;base64," + $("picture-" + one.page.number).textContent;
  return one.image.decode();
}
for (const page of content.pages) {
  const image = make("img", { alt: words.page(page.number) });
  const figure = make("figure", { data: { "data-page": page.number } }, image);
  figure.style.aspectRatio = `${page.width} / ${page.height}`;
  pages.set(page.number, { page, figure, image });
  $("pages").append(figure);
  near.observe(figure);
}

// --- places: dataset, row and field name a cell ----------------------------------------------------------------
const keyOf = (dataset, row, field) => `${dataset}:${row}:${field}`;
function* cells() {
  for (const dataset of shown.datasets)
    for (const [row, record] of dataset.rows.entries())
      for (const field of dataset.fields)
        if (record[field.name]) yield { dataset, row, field, cell: record[field.name], key: keyOf(dataset.name, row, field.name) };
}
const checksOf = key => shown.checks.filter(check => check.cells.split(" ").includes(key));
function urgency(place) {   // what a correction settles: a failed sum, then readings that differ, then names
  if (checksOf(place.key).some(check => check.status === "fail")) return 0;
  if (place.cell.kinds.includes("unbalanced")) return 0;
  if (place.cell.kinds.some(kind => ["readings-differ", "unsure-reading", "illegible"].includes(kind))) return 1;
  return place.cell.kinds.some(kind => kind.endsWith("-name")) ? 2 : 3;
}

// --- tables and boxes, linked both ways ------------------------------------------------------------------------
const nodes = new Map();   // key -> {td, box}
function draw() {
  for (const place of cells()) if (pending.has(place.key))
    Object.assign(place.cell, { value: pending.get(place.key), settled: true, status: "ok", source: "correction" });
  nodes.clear();
  for (const { figure } of pages.values()) figure.querySelectorAll("button").forEach(button => button.remove());
  $("tables").replaceChildren();
  for (const dataset of shown.datasets) {
    const head = make("tr", {}, ...dataset.fields.map(f => make("th", { textContent: f.title, scope: "col" })));
    const body = make("tbody", {}, ...dataset.rows.map((_, row) => make("tr", { data: { "data-row": row } })));
    const table = make("table", {}, make("thead", {}, head), body);
    $("tables").append(make("h2", { textContent: dataset.title }), make("div", { className: "scroll" }, table));
    dataset.rows.forEach((record, row) => dataset.fields.forEach(field => {
      const cell = record[field.name];
      const td = make("td", cell ? { textContent: cell.value, className: cell.source === "correction" ? "correction" : cell.status,
        title: cell.reason || cell.raw } : {});
      body.rows[row].append(td);
      if (cell) link(keyOf(dataset.name, row, field.name), cell, td);
    }));
  }
  drawChecks();
  drawQueue();
}
function link(key, cell, td) {
  const box = boxOf(cell);
  nodes.set(key, { td, box });
  const light = on => [td, box].forEach(node => node && node.classList.toggle("on", on));
  for (const [one, other] of [[td, box], [box, td]]) {
    if (!one) continue;
    one.addEventListener("mouseenter", () => light(true));
    one.addEventListener("mouseleave", () => light(false));
    one.addEventListener("click", () => {
      if (other) other.scrollIntoView({ block: "center", inline: "center" });
      const place = queue.findIndex(p => p.key === key);
      show(place >= 0 ? place : at, key);
    });
  }
}
function boxOf(cell) {
  const one = pages.get(cell.page);
  if (!one) return null;
  const { page, figure } = one;
  const [x0, top, x1, bottom] = cell.box;
  const box = make("button", { className: cell.status, title: cell.value, tabIndex: -1 });
  Object.assign(box.style, { left: `${100 * x0 * page.scale / page.width}%`, top: `${100 * top * page.scale / page.height}%`,
    width: `${100 * (x1 - x0) * page.scale / page.width}%`, height: `${100 * (bottom - top) * page.scale / page.height}%` });
  figure.append(box);
  return box;
}
function drawChecks() {
  const marks = { pass: "✓", fail: "✗", explained: "※", repaired: "≈" };
  const list = make("ul", {}, ...shown.checks.map(check => make("li", { className: check.status,
    textContent: `${marks[check.status]} ${sum(check)}` })));
  const findings = make("ul", {}, ...shown.findings.map(f => make("li", { className: "fail", textContent: f.text })));
  $("checks").replaceChildren(make("h2", { textContent: words.checks }), list);
  if (shown.findings.length) $("checks").append(make("h2", { textContent: words.findings }), findings);
}
const sum = check => [check.check, check.scope, check.expected === check.actual ? check.actual : `${check.expected} ≠ ${check.actual}`,
  check.note].filter(Boolean).join("  ");

// --- the queue and its card ------------------------------------------------------------------------------------
function drawQueue() {
  queue = [...cells()].filter(p => p.cell.status === "review" && !p.cell.settled);
  queue.forEach(place => place.urgency = urgency(place));
  queue.sort((a, b) => a.urgency - b.urgency);
  total = Math.max(total, queue.length);
  $("progress").textContent = [queue.length ? words.left(queue.length, total) : words.none, local.length && (keeps ? words.kept : words.notKept)].filter(Boolean).join(" · ");
  const label = p => `${p.dataset.title} ${words.row(p.row + 1)} ${p.field.title}: ${p.cell.value}`;
  const list = make("ol", {}, ...queue.map((p, i) => make("li", {}, make("button", { textContent: label(p), onclick: () => show(i) }))));
  $("queue").replaceChildren(make("h2", { textContent: words.flagged }), queue.length ? list : make("p", { textContent: words.none }));
}
let current = null;
function show(index, key) {
  document.querySelectorAll(".same").forEach(node => node.classList.remove("same"));
  at = Math.max(0, Math.min(index, queue.length - 1));
  current = key ? [...cells()].find(p => p.key === key) : queue[at];
  const card = $("card");
  card.className = current ? "" : "done";
  if (!current) { card.replaceChildren(make("p", { textContent: words.none })); return; }
  const { cell, dataset, row, field } = current;
  const input = make("input", { value: cell.value, data: { "aria-label": words.type } });
  input.addEventListener("keydown", event => {
    event.stopPropagation();
    if (event.key === "Escape") { input.value = cell.value; card.focus(); }
    if (event.key === "Enter" && !event.isComposing) settle(input.value);
  });
  const choices = cell.candidates.map(({ text, by }, i) => make("li", {}, make("button", { onclick: () => settle(text) },
    make("kbd", { textContent: i + 1 }), text, make("small", { textContent: words.by[by] || by }))));
  card.replaceChildren(
    make("strong", { textContent: `${dataset.title} · ${words.row(row + 1)} · ${field.title}` }),
    make("p", { className: "why", textContent: cell.reason }),
    crop(cell),
    make("ol", { data: { "aria-label": words.reading } }, ...choices),
    input,
    make("ul", { className: "sums" }, ...checksOf(current.key).map(check => make("li", { className: check.status, textContent: sum(check) }))),
  );
  $("queue").querySelectorAll("button").forEach((button, i) => i === at && !key
    ? (button.setAttribute("aria-current", "true"), button.scrollIntoView({ block: "nearest" })) : button.removeAttribute("aria-current"));
  const { td, box } = nodes.get(current.key) || {};
  for (const node of [td, box]) if (node) node.classList.add("same");
  if (box) box.scrollIntoView({ block: "center" });
}
function crop(cell) {   // the cell's picture, enlarged and turned upright
  const one = pages.get(cell.page);
  if (!one) return "";
  const canvas = make("canvas", { data: { role: "img", "aria-label": cell.raw } });
  const pad = 4, [x0, top, x1, bottom] = cell.box.map((v, i) => (v + (i < 2 ? -pad : pad)) * one.page.scale);
  const [w, h] = [x1 - x0, bottom - top], zoom = Math.max(1, Math.min(3, 560 / Math.max(w, h)));
  const sideways = cell.rotation % 180 !== 0;
  [canvas.width, canvas.height] = (sideways ? [h, w] : [w, h]).map(v => Math.ceil(v * zoom));
  picture(one).then(() => {
    const ink = canvas.getContext("2d");
    ink.translate(canvas.width / 2, canvas.height / 2);
    ink.rotate(-cell.rotation * Math.PI / 180);
    ink.drawImage(one.image, x0, top, w, h, -w * zoom / 2, -h * zoom / 2, w * zoom, h * zoom);
  }, () => {});
  return canvas;
}

// --- settling --------------------------------------------------------------------------------------------------
function settle(value) {
  if (!current) return;
  const { dataset, field, cell, key } = current;
  const told = { dataset: dataset.name, field: field.name, page: cell.page, box: cell.box, old: cell.value, new: value };
  keep(told, key);
  const here = at;
  draw();
  show(here);
  $("card").focus();
}
function keep({ box, ...rest }, key) {   // for the next run: all answers are saved as corrections.jsonl
  local.push({ key, told: { time: new Date().toISOString(), sha256: content.sha256, ...rest, bbox: box } });
  store();
}
function store() {
  try { localStorage.setItem(STORE, JSON.stringify(local)); keeps = true; } catch { keeps = false; }
  answered();
}
function answered() {
  pending.clear();
  for (const { key, told } of local) pending.set(key, told.new);
  $("download").hidden = $("undo").hidden = !local.length;
  $("download").textContent = words.download(local.length);
}
function undo() {
  const last = local.pop();
  if (!last) return;
  shown = structuredClone(content);
  store();
  draw();
  show(Math.max(0, queue.findIndex(place => place.key === last.key)));
}
/** What was answered before the page was closed; what a later run holds already is let go. */
function restore() {
  try { local = JSON.parse(localStorage.getItem(STORE) || "[]").filter(one => one.key && one.told); } catch { local = []; }
  const there = new Map([...cells()].map(place => [place.key, place.cell]));
  total = [...there.values()].filter(cell => cell.status === "review").length;
  local = local.filter(({ key, told }) => there.has(key) && !(there.get(key).source === "correction" && there.get(key).value === told.new));
  answered();
}
addEventListener("beforeunload", event => { if (local.length && !keeps) event.preventDefault(); });
$("download").addEventListener("click", () => {
  const lines = local.map(({ told }) => JSON.stringify(told) + "\n");
  const link = make("a", { href: URL.createObjectURL(new Blob(lines)), download: "corrections.jsonl" });
  link.click();
});

// --- keys ------------------------------------------------------------------------------------------------------
document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && event.target.tagName !== "INPUT") { event.preventDefault(); undo(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
  const move = { n: 1, j: 1, ArrowDown: 1, p: -1, k: -1, ArrowUp: -1 }[event.key];
  if (move) show(at + move);
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") settle(current && current.cell.value);
  else if (event.key >= "1" && event.key <= "9") {
    const choice = current && current.cell.candidates[event.key - 1];
    if (!choice) return;
    settle(choice.text);
  } else if (event.key === "e") { const input = $("card").querySelector("input"); if (input) { input.focus(); input.select(); } }
  else if (event.key === "?") $("help").click();
  else return;
  event.preventDefault();
});
$("help").addEventListener("click", () => {
  $("keys").hidden = !$("keys").hidden;
  $("help").setAttribute("aria-expanded", String(!$("keys").hidden));
});
document.title = content.document;
$("title").textContent = content.document;
$("help").textContent = words.help + " ?";
$("undo").textContent = words.undo;
$("undo").addEventListener("click", undo);
restore();
$("keys").append(...words.keys.flatMap(([key, what]) => [make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: what })]));
if (content.error) $("tables").before(make("p", { textContent: content.error }));
draw();
show(0);
