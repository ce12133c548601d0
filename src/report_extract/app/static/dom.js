// Small tools for the page: elements, the words of the chosen language, times.
import { WORDS } from "./words.js";

export const lang = document.documentElement.lang === "en" ? "en" : "ja";
export const words = WORDS[lang];
export const $ = id => document.getElementById(id);

/** An element; `data` sets attributes, anything else properties; children that are null or false are left out. */
export function make(tag, props = {}, ...children) {
  const { data, on, ...rest } = props;
  const node = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(data || {})) if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  for (const [event, listener] of Object.entries(on || {})) node.addEventListener(event, listener);
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
export function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export const button = (text, click, props = {}) => make("button", { type: "button", textContent: text, on: { click }, ...props });

export const number = value => new Intl.NumberFormat(lang).format(value);

/** A question with two answers; resolves to whether it was said yes to. */
export function ask(text, yes) {
  const dialog = $("ask");
  return new Promise(resolve => {
    dialog.replaceChildren(
      make("p", { textContent: text }),
      make("p", { className: "buttons" },
        button(words.cancel, () => dialog.close("")),
        button(yes, () => dialog.close("yes"), { className: "first", autofocus: true })));
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

/** A link that saves what the server makes; it says so while that takes its time. */
export function saving(text, path, save, props = {}) {
  const link = make("a", { href: path, textContent: text, ...props, on: { click: async event => {
    event.preventDefault();
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    notice(words.making, false);
    try { await save(path); notice(words.made, false); } catch (error) { notice(error.message); }
    link.ariaBusy = "false";
  } } });
  return link;
}

let hiding;
/** Something that a person should know at once. */
export function notice(text, bad = true) {
  clearTimeout(hiding);
  const close = button("×", () => $("notice").replaceChildren(), { className: "quiet", ariaLabel: words.close });
  $("notice").replaceChildren(make("p", { className: bad ? "bad" : "good" }, text, close));
  if (!bad) hiding = setTimeout(() => $("notice").replaceChildren(), 4000);
}

/** Where two texts differ: pieces of `one`, each with whether it is also in `other` (longest common subsequence). */
export function differences(one, other) {
  const a = [...one].slice(0, 400), b = [...other].slice(0, 400);
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const pieces = [];
  const push = (letter, same) => {
    const last = pieces.at(-1);
    if (last && last.same === same) last.text += letter; else pieces.push({ text: letter, same });
  };
  let i = 0, j = 0;
  while (i < a.length) {
    if (j < b.length && a[i] === b[j]) { push(a[i], true); i++; j++; }
    else if (j < b.length && length[i][j + 1] > length[i + 1][j]) j++;
    else { push(a[i], false); i++; }
  }
  return pieces;
}
