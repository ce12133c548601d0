// The frame around the views: which one is shown, what the header says, what is new on the server.
import { $, button, lang, make, notice, number, words } from "./dom.js";
import { get, post } from "./api.js";
import { flags, forget, update } from "./flags.js";
import * as documents from "./documents.js";
import * as settle from "./settle.js";
import * as report from "./report.js";
import * as mend from "./mend.js";

const VIEWS = { "": documents, settle, report, mend };
export const app = { state: { documents: [], history: { undo: 0, redo: 0 } }, view: null, name: "" };

/** The address of a view: "#settle", "#report/ID", "#mend/ID/PAGE". */
function route() {
  const [name, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const view = VIEWS[name] || documents;
  app.view?.leave?.();
  app.view = view;
  app.name = VIEWS[name] ? name : "";
  $("main").className = `view-${app.name || "documents"}`;
  $("main").replaceChildren();
  view.enter($("main"), app, ...rest);
  drawHeader();
}

function drawHeader() {
  const left = flags.left();
  const tab = (hash, text, current) => make("a", { href: hash, textContent: text, data: { "aria-current": current ? "page" : null } });
  $("tabs").replaceChildren(
    tab("#", words.tabs.documents, app.name === ""),
    tab("#settle", left ? `${words.tabs.settle} (${number(left)})` : words.tabs.settle, app.name === "settle"));
  const { undo, redo } = app.state.history;
  const other = lang === "ja" ? "en" : "ja";
  if (!$("tools").firstChild) $("tools").append(make("label", { id: "by", title: words.initialsWhy }, words.initials,
    make("input", { size: 5, maxLength: 20, autocomplete: "off", value: localStorage.getItem("initials") || "", on: { input: event => localStorage.setItem("initials", event.target.value.trim()) } })), make("span", { className: "buttons" }));
  $("tools").lastChild.replaceChildren(
    button(words.undo, () => step("undo"), { disabled: !undo, title: "Ctrl+Z" }),
    button(words.redo, () => step("redo"), { disabled: !redo, title: "Ctrl+Y" }),
    make("a", { href: `/?lang=${other}${location.hash}`, textContent: other === "en" ? "English" : "日本語", lang: other, className: "quiet" }),
    button("?", help, { ariaLabel: words.help, title: words.help }));
  const reading = app.state.documents.filter(d => d.state !== "done").length;
  const said = [reading && words.reading(reading), flags.unsaved.size ? words.saving : app.state.behind ? words.writing : app.state.documents.length ? words.saved : ""];
  const text = said.filter(Boolean).join(" · ");
  if ($("status").textContent !== text) $("status").textContent = text;
}

/** Undo or redo, wherever the person is. */
export async function step(kind) {
  try {
    const { done } = await post(`/api/${kind}`);
    if (!done) return;
    forget();
    notice(kind === "undo" ? words.undone : words.redone, false);
    await look(true);
    app.view.stepped?.();
  } catch (error) { notice(error.message); }
}

function help() {
  const keys = [...(app.view.keys?.() || []), ["Ctrl+Z", words.undo], ["Ctrl+Y", words.redo], ["?", words.help]];
  const dialog = $("help");
  dialog.replaceChildren(
    make("h2", { textContent: words.help }),
    make("dl", {}, keys.flatMap(([key, what]) => [make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: what })])),
    make("p", { className: "buttons" }, button(words.close, () => dialog.close(), { autofocus: true })));
  dialog.showModal();
}

// --- what is new ------------------------------------------------------------------------------------------------
let asking = null, seen = -1;
/** Ask the server what is new, now; views are told of it. */
export function look(now = false) {
  if (asking && !now) return asking;
  asking = (async () => {
    try {
      app.state = await get("/api/state");
      if (app.state.lang !== lang && !flags.unsaved.size) { location.reload(); return; }   // another tab chose the language
      if (app.state.error) notice(app.state.error);
      if (app.state.flags !== seen || now || flags.waiting()) {
        seen = app.state.flags;
        await update();
      }
      drawHeader();
      app.view?.news?.(app.state);
    } catch (error) {
      notice(error.message);
    } finally { asking = null; }
  })();
  return asking;
}
async function keepLooking() {
  for (;;) {
    const busy = app.state.documents.some(d => d.state !== "done") || app.state.behind || flags.waiting();
    await new Promise(resolve => setTimeout(resolve, busy ? 500 : 2500));
    if (document.visibilityState === "visible") await look();
  }
}

document.addEventListener("keydown", event => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !typing) {
    const letter = event.key.toLowerCase();
    if (letter === "z" || letter === "y") { event.preventDefault(); step(letter === "y" || event.shiftKey ? "redo" : "undo"); return; }
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector("dialog[open]")) return;
  if (event.key === "?") { event.preventDefault(); help(); return; }
  if (app.view?.key?.(event)) event.preventDefault();
});
addEventListener("hashchange", route);
addEventListener("beforeunload", event => { if (flags.unsaved.size) event.preventDefault(); });
addEventListener("online", () => look(true));
addEventListener("flags-changed", drawHeader);
$("skip").textContent = words.skip;

await look();
route();
keepLooking();
