// The list of documents: files are dropped here, read one after another, and taken home as data.
import { ask, button, make, notice, saving, words } from "./dom.js";
import { post, save, send } from "./api.js";
import { look } from "./main.js";

const KINDS = /\.(pdf|png|jpe?g|tiff?|txt|tsv|md)$/i;
let app, node, sending = [], wanted = "", drawn = "";

export const keys = () => [];

export function enter(main, frame) {
  app = frame;
  drawn = "";
  const files = make("input", { type: "file", multiple: true, id: "files", accept: ".pdf,.png,.jpg,.jpeg,.tif,.tiff,.txt,.tsv,.md", hidden: true, on: { change: event => take([...event.target.files]) } });
  const folder = make("input", { type: "file", webkitdirectory: true, id: "folder", hidden: true, on: { change: event => take([...event.target.files]) } });
  const drop = make("section", { className: "drop", data: { "aria-label": words.dropHere } },
    make("p", { className: "big", textContent: words.dropHere }),
    make("p", { className: "faint", textContent: words.dropWhat }),
    make("p", { className: "buttons" }, button(words.chooseFiles, () => files.click(), { className: "first" }), button(words.chooseFolder, () => folder.click())), files, folder);
  node = {
    drop,
    sending: make("ul", { className: "sending", data: { "aria-live": "polite" } }),
    bar: make("p", { className: "bar" }),
    list: make("div", { className: "documents" }),
    out: make("section", { className: "out" }),
  };
  main.append(drop, node.sending, node.bar, node.list, node.out);
  addEventListener("dragover", over);
  addEventListener("dragleave", away);
  addEventListener("drop", dropped);
  drawSending();
  news(app.state);
}
export function leave() {
  removeEventListener("dragover", over);
  removeEventListener("dragleave", away);
  removeEventListener("drop", dropped);
}

// --- files come ----------------------------------------------------------------------------------------------------
function over(event) { event.preventDefault(); document.body.classList.add("over"); }
function away(event) { if (!event.relatedTarget) document.body.classList.remove("over"); }
async function dropped(event) {
  event.preventDefault();
  document.body.classList.remove("over");
  const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = entries.length ? (await Promise.all(entries.map(inside))).flat() : [...event.dataTransfer.files];
  take(files);
}
/** The files of a dropped entry, and of all folders in it. */
async function inside(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.filter(one => !one.name.startsWith(".")).map(inside))).flat();
}
async function take(files) {
  const known = files.filter(file => KINDS.test(file.name) && !file.name.startsWith("."));
  const refused = files.length - known.length;
  if (refused) notice(words.refusedFiles(refused));
  const mine = known.map(file => ({ file, share: 0, error: "" }));
  sending.push(...mine);
  drawSending();
  let before = 0;
  for (const one of mine) {
    try {
      const told = await send(one.file, share => { one.share = share; drawSending(); });
      before += !told.new;
      sending = sending.filter(other => other !== one);
      await look(true);
    } catch (error) { one.error = error.message; }
    drawSending();
  }
  if (before) notice(words.knownFiles(before), false);
}
function drawSending() {
  node?.sending.replaceChildren(...sending.map(one => make("li", { className: one.error ? "bad" : "" }, make("span", { textContent: one.file.name }),
    one.error ? make("span", { textContent: one.error }) : make("progress", { value: one.share, max: 1, ariaLabel: words.sending }),
    one.error && button(words.close, () => { sending = sending.filter(other => other !== one); drawSending(); }))));
}

// --- the list --------------------------------------------------------------------------------------------------------
export function news(state) {
  const said = JSON.stringify([state.documents, state.behind, wanted]);
  if (said === drawn || !node) return;
  drawn = said;
  const all = state.documents;
  const left = all.reduce((n, d) => n + (d.left || 0), 0);
  if (!node.bar.firstChild) node.bar.append(
    make("label", {}, words.search, make("input", { type: "search", value: wanted, id: "search", on: { input: event => { wanted = event.target.value; news(app.state); } } })),
    make("span", { id: "total" }));
  node.bar.hidden = !all.length;
  node.drop.classList.toggle("slim", all.length > 0);
  node.bar.querySelector("#total").textContent = words.total(all.length, left);
  const key = wanted.normalize("NFKC").toLowerCase();
  const shown = all.filter(d => `${d.name} ${d.municipality || ""} ${d.year || ""}`.normalize("NFKC").toLowerCase().includes(key));
  const focused = document.activeElement?.dataset?.at;
  const head = words.columns.map(title => make("th", { textContent: title, scope: "col" }));
  node.list.replaceChildren(...(all.length ? [make("table", {}, make("caption", { className: "hidden", textContent: words.tabs.documents }),
    make("thead", {}, make("tr", {}, head)), make("tbody", {}, shown.length ? shown.map(line) : make("tr", {}, make("td", { colSpan: words.columns.length, className: "faint", textContent: words.noneFound }))))] : []));
  if (focused) node.list.querySelector(`[data-at="${CSS.escape(focused)}"]`)?.focus();
  drawOut(all);
}

function line(d) {
  const title = label => ({ data: { "data-title": label } });
  const cells = words.columns;
  const name = d.state === "done" && !d.error ? make("a", { href: `#report/${d.id}`, textContent: d.name, data: { "data-at": `open-${d.id}` } }) : make("span", { textContent: d.name });
  return make("tr", {},
    make("th", { scope: "row" }, name),
    make("td", { ...title(cells[1]), textContent: d.municipality || "" }),
    make("td", { ...title(cells[2]), textContent: d.year ? words.fiscal(d.year) : "" }),
    make("td", { ...title(cells[3]), className: "state" }, ...state(d)),
    make("td", { ...title(cells[4]), className: "todo" }, ...todo(d)),
    make("td", {}, make("div", { className: "acts" }, ...acts(d))));
}
function state(d) {
  if (d.state === "waiting") return [make("span", { className: "chip", textContent: words.states.waiting })];
  if (d.state === "reading") {
    const text = d.of ? words.pagesRead(d.done, d.of) : words.states.opening;
    return [make("progress", { max: d.of || 1, ...(d.of ? { value: d.done } : {}), ariaLabel: text }), make("span", { textContent: text })];
  }
  if (d.error) return [make("span", { className: "chip bad", textContent: words.states.failed }), make("span", { className: "bad", textContent: d.error })];
  const sums = d.passes + d.fails ? words.sumsOf(d.passes, d.fails) : d.status === "unsupported" ? words.tablesFound(d.tables) : "";
  return [make("span", { className: `chip ${d.status}`, title: d.status === "unsupported" ? words.unsupportedWhy : "", textContent: words.states[d.status] || d.status || "" }), make("span", { className: "faint", textContent: sums })];
}
function todo(d) {
  if (d.state !== "done" || d.error) return [];
  if (d.left) return [make("a", { href: `#settle/${d.id}`, textContent: words.flagged(d.left), data: { "data-at": `todo-${d.id}` } })];
  if (d.status === "review") return [make("a", { href: `#report/${d.id}`, textContent: words.lookOver })];
  return [make("span", { textContent: words.nothingFlagged })];
}
function acts(d) {
  const act = (text, click, what) => button(text, click, { data: { "data-at": `${what}-${d.id}`, "aria-label": `${text}: ${d.name}` }, className: "small" });
  const done = d.state === "done" && !d.error;
  return [
    done && make("a", { className: "button small", href: `#mend/${d.id}`, textContent: words.mendTables }),
    done && saving("ZIP", `/api/download/zip?document=${d.id}`, save, { className: "button small", ariaLabel: `ZIP: ${d.name}` }),
    done && saving("Excel", `/api/download/xlsx?document=${d.id}`, save, { className: "button small", ariaLabel: `Excel: ${d.name}` }),
    d.state === "done" && act(words.again, async () => { if (await ask(words.againAsk(d.name), words.again)) { await tried(post(`/api/documents/${d.id}/again`)); look(true); } }, "again"),
    act(words.remove, async () => { if (await ask(words.removeAsk(d.name), words.remove)) { await tried(post(`/api/documents/${d.id}/remove`)); look(true); } }, "remove"),
  ];
}
async function tried(promise) { try { return await promise; } catch (error) { notice(error.message); return null; } }

// --- the package ---------------------------------------------------------------------------------------------------
function drawOut(all) {
  const ready = all.some(d => d.state === "done" && !d.error);
  if (!ready) { node.out.replaceChildren(); return; }
  if (node.out.firstChild) return;
  const result = make("div", { id: "publish-result", data: { "aria-live": "polite" } });
  const url = make("input", { type: "url", placeholder: "https://data.example.lg.jp", id: "portal" });
  const organization = make("input", { id: "organization" });
  const check = async event => {
    event.preventDefault();
    result.replaceChildren(make("p", { textContent: words.checking }));
    const told = await tried(post("/api/publish", { url: url.value, organization: organization.value }));
    if (!told) { result.replaceChildren(); return; }
    result.replaceChildren(
      make("ul", {}, told.rules.map(r => make("li", { className: r.passed ? "pass" : "fail" }, `${r.passed ? "✓" : "✗"} ${r.rule}`, r.places.length ? make("ul", {}, r.places.map(p => make("li", { textContent: p }))) : null))),
      ...(told.error ? [make("p", { className: "bad", textContent: told.error })] : []),
      ...(told.calls.length ? [make("details", {}, make("summary", { textContent: words.calls(told.calls.length) }), make("pre", { textContent: told.calls.join("\n") }))] : []));
  };
  node.out.replaceChildren(
    make("h2", { textContent: words.takeHome }),
    make("p", { className: "faint", textContent: words.takeHomeWhat }),
    make("p", { className: "buttons" },
      saving(words.downloadZip, "/api/download/zip", save, { className: "button first" }),
      saving(words.downloadXlsx, "/api/download/xlsx", save, { className: "button" })),
    make("details", {}, make("summary", { textContent: words.publish }),
      make("p", { className: "faint", textContent: words.publishWhat }),
      make("form", { on: { submit: check } },
        make("label", {}, words.portal, url), make("label", {}, words.organization, organization),
        make("button", { textContent: words.publishCheck })), result));
}
