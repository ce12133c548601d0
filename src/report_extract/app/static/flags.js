// The cells that a person has to look at, over all documents, and what was answered.
import { get, post } from "./api.js";
import { notice, words } from "./dom.js";

let version = 0;
const shown = new Map();    // document -> Map(key -> card, as the server has it)
const answers = new Map();  // "document key" -> {value, sent: whether it is on disk, at: version when it was}
const skipped = new Set(JSON.parse(sessionStorage.getItem("skipped") || "[]"));
const place = (document, key) => `${document} ${key}`;

export const flags = {
  unsaved: new Set(),
  /** Whether the server has not yet shown what was answered. */
  waiting: () => answers.size > 0,
  /** All cards, with what was answered in the meantime. */
  *all() {
    for (const [document, cards] of shown) for (const card of cards.values()) yield flags.with(document, card);
  },
  with(document, card) {
    const answer = answers.get(place(document, card.key));
    return { ...card, document, ...(answer ? { value: answer.value, status: "ok", source: "correction", answered: true } : {}),
      shown: card.value, skipped: skipped.has(place(document, card.key)) };
  },
  get(document, key) {
    const card = shown.get(document)?.get(key);
    return card && flags.with(document, card);
  },
  left: () => { let n = 0; for (const card of flags.all()) n += card.status === "review"; return n; },
  skip(card) {
    skipped.add(place(card.document, card.key));
    sessionStorage.setItem("skipped", JSON.stringify([...skipped]));
  },
};

const tell = () => dispatchEvent(new Event("flags-changed"));

/** What has changed on the server since the last time. */
export async function update() {
  const known = [...answers].filter(([, answer]) => answer.sent).map(([at, answer]) => [at, answer.value]);
  const news = await get(`/api/flags?since=${version}`);
  if (version === 0) shown.clear();
  for (const { document, changed, gone } of news.documents) {
    const cards = shown.get(document) || new Map();
    for (const card of changed) cards.set(card.key, card);
    for (const key of gone) cards.delete(key);
    shown.set(document, cards);
  }
  if (news.ids) for (const id of shown.keys()) if (!news.ids.includes(id)) shown.delete(id);
  if (news.version !== version) {
    for (const [at, value] of known) {
      const [document, ...key] = at.split(" ");
      const card = shown.get(document)?.get(key.join(" "));
      if (!card || card.source === "correction" || news.settled) if (answers.get(at)?.value === value) answers.delete(at);
    }
    version = news.version;
  }
  tell();
}

/** Forget what was answered here: it was taken back. */
export function forget() { answers.clear(); }

/**
 * Keep answers: shown at once, on disk when the promise is fulfilled.
 * Each of `cards` comes with `new`, and if there is one `verdict` and `note`.
 */
export async function settle(cards) {
  const told = cards.map(card => ({ document: card.document, key: card.key, old: card.shown, new: card.new, verdict: card.verdict || "", note: card.note || "" }));
  for (const card of cards) {
    answers.set(place(card.document, card.key), { value: card.new, sent: false });
    flags.unsaved.add(place(card.document, card.key));
  }
  tell();
  try {
    await post("/api/settle", { answers: told, by: localStorage.getItem("initials") || "" });
    for (const card of cards) {
      const answer = answers.get(place(card.document, card.key));
      if (answer) answer.sent = true;
    }
  } catch (error) {
    for (const card of cards) answers.delete(place(card.document, card.key));
    if (error.told?.error === "changed") { notice(words.changed(error.told.value)); version = 0; } else notice(error.message);
    throw error;
  } finally {
    for (const card of cards) flags.unsaved.delete(place(card.document, card.key));
    tell();
  }
}
