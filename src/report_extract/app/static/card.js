// The card of one cell: why it is doubted, its picture, what it may say, and the field to type into.
import { button, differences, make, words } from "./dom.js";
import { get } from "./api.js";
import { crop } from "./page.js";

/**
 * Fills `node` with the card of a cell.
 * `settle(value, {verdict, note})` is called with an answer, `leave()` when the person goes back to the list.
 */
export function drawCard(node, card, { settle, alike = [], settleAlike, skip }) {
  node.card = null;
  if (!card) { node.of = ""; node.replaceChildren(); return; }
  // What is being typed outlives the card's being drawn anew: an answer that came twice, or news of the report.
  const of = `${card.document}:${card.key}`, given = card.value || card.text;
  const unsaved = node.of === of && node.field.value !== node.given ? node.field.value : null;
  const focused = node.of === of && document.activeElement === node.field;
  const noted = { open: node.of === of && node.querySelector(".error")?.open, text: node.of === of ? node.querySelector("#note")?.value : undefined };
  const long = card.type === "text" && (card.value.length > 24 || card.text.length > 24);
  const field = make(long ? "textarea" : "input", { value: unsaved ?? given, id: "answer", spellcheck: false, autocomplete: "off",
    rows: long ? Math.min(8, 1 + Math.ceil((card.value || card.text).length / 28)) : undefined, data: { "aria-describedby": "refused" } });
  const refused = make("p", { id: "refused", className: "bad", data: { role: "alert" } });
  let checking;
  const check = async () => {
    const text = field.value;
    try {
      const told = await get(`/api/value?document=${encodeURIComponent(card.document)}&key=${encodeURIComponent(card.key)}&text=${encodeURIComponent(text)}`);
      if (field.value !== text) return null;
      refused.textContent = told.refused ? words.refused(told.refused) : "";
      refused.className = told.refused ? "bad" : "faint";
      if (!told.refused && told.value !== text.trim()) refused.textContent = words.readAs(told.value);
      field.setAttribute("aria-invalid", String(Boolean(told.refused)));
      return told.refused ? null : told.value;
    } catch (error) { refused.textContent = error.message; return null; }
  };
  const settled = (value, more) => { node.of = ""; settle(value, more); };
  const typed = async more => { const value = await check(); if (value !== null) settled(value, more); else field.focus(); };
  field.addEventListener("input", () => { clearTimeout(checking); checking = setTimeout(check, 150); });
  field.addEventListener("keydown", event => {
    if (event.isComposing) return;
    if (event.key === "Escape") { field.value = card.value || card.text; refused.textContent = ""; node.focus(); event.stopPropagation(); }
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); event.stopPropagation(); typed(); }
  });
  Object.assign(node, { of, field, given });
  const first = card.candidates[0]?.text ?? "";
  const choices = card.candidates.map(({ text, by }, n) => make("li", {}, make("button", { type: "button", on: { click: () => settled(text) } },
    make("kbd", { textContent: n + 1 }), choice(text, n ? first : card.candidates[1]?.text), make("small", { textContent: words.by[by] || "" }))));
  const note = make("input", { id: "note", maxLength: 500, value: noted.text ?? card.note ?? "", on: { keydown: event => {
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); event.stopPropagation(); typed({ note: note.value, verdict: error.verdict || "" }); } } } });
  const error = make("details", { className: "error", open: Boolean(noted.open) },
    make("summary", { textContent: words.noteTitle }),
    make("label", {}, words.note, note),
    make("p", { className: "buttons" }, button(words.noteSay, () => typed({ note: note.value })), button(words.reportErrorSay, () => typed({ verdict: "report-error", note: note.value }))),
    make("p", { className: "faint", textContent: words.reportErrorWhy }));
  node.replaceChildren(...[
    make("h2", { className: "where" }, make("span", { textContent: card.dataset_title }), make("strong", { textContent: card.field_title }),
      make("span", { textContent: [card.label, words.row(card.row + 1), card.page ? words.page(card.page) : ""].filter(Boolean).join(" · ") })),
    card.reason && card.status === "review" && make("p", { className: "why", textContent: why(card) }),
    card.status !== "review" && make("p", { className: "faint", textContent: card.source === "correction" ? [words.bySomeone, card.by, card.verdict === "report-error" && words.reportError, card.note && `「${card.note}」`].filter(Boolean).join(" · ") : words.statuses[card.status] }),
    crop(card, card.document),
    card.candidates.length ? make("ol", { className: "choices", data: { "aria-label": words.candidates } }, choices) : null,
    make("label", { className: "answer", htmlFor: "answer", textContent: words.answer }), field, refused,
    make("p", { className: "buttons" },
      button(words.settleTyped, () => typed(), { className: "first" }),
      skip && button(words.skipIt, skip),
      alike.length > 1 && button(words.alike(alike.length), settleAlike)),
    card.sums.length ? make("ul", { className: "sums", data: { "aria-label": words.sums } }, card.sums.map(sum)) : null,
    error,
  ].filter(Boolean));
  node.card = { focus() { field.focus(); field.select(); }, error(verdict = "") { error.open = true; error.verdict = verdict; note.focus(); }, take: n => card.candidates[n]?.text };
  if (focused) field.focus();
  if (unsaved !== null) check();
}

/** Why a cell is doubted; what the candidates below say anyway is not said twice. */
const why = card => card.candidates.length > 1 && card.kinds.length && card.kinds.every(kind => words.short[kind]) ? [...new Set(card.kinds.map(kind => words.short[kind]))].join(" ") : card.reason;

/** A candidate, the letters marked in which it differs from the one beside it. */
function choice(text, other) {
  const span = make("span", { className: "said" });
  if (other === undefined || other === text) { span.textContent = text; return span; }
  for (const piece of differences(text, other)) span.append(piece.same ? piece.text : make("mark", { textContent: piece.text }));
  return span;
}

export function sum(check) {
  const marks = { pass: "✓", fail: "✗", explained: "※", repaired: "≈" };
  const said = check.expected === check.actual ? check.actual : `${check.expected} ≠ ${check.actual}`;
  return make("li", { className: check.status }, make("span", { className: "sign", textContent: marks[check.status] || "", data: { "aria-label": words.checkStatus[check.status] } }),
    ` ${words.checks[check.check] || check.check}  ${check.scope}  ${said} `, check.note && make("q", { textContent: check.note }));
}
