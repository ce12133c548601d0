// What the page asks of the server. Every failure is told in the person's words.
import { words } from "./dom.js";

export class Failure extends Error {
  constructor(status, told) {
    super((words.errors[told.error] || words.errors.failed) + (told.why ? ` (${told.why})` : ""));
    this.status = status;
    this.told = told;
  }
}

async function answered(asked) {
  let answer;
  try { answer = await asked; } catch { throw new Failure(0, { error: "offline" }); }
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({ error: answer.status === 404 || answer.status === 403 ? "closed" : "failed" }));
  throw new Failure(answer.status, told);
}

export const get = path => answered(fetch(path));
export const post = (path, told = {}) => answered(fetch(path, { method: "POST", keepalive: JSON.stringify(told).length < 60_000,
  headers: { "Content-Type": "application/json" }, body: JSON.stringify(told) }));

/** Saves what the server makes at `path`; a failure is told, where a plain link would only say that a file is missing. */
export async function save(path) {
  let answer;
  try { answer = await fetch(path); } catch { throw new Failure(0, { error: "offline" }); }
  if (!answer.ok) throw new Failure(answer.status, await answer.json().catch(() => ({ error: "failed" })));
  const said = answer.headers.get("Content-Disposition") || "";
  const name = said.match(/filename\*=utf-8''([^;]+)/i)?.[1] || said.match(/filename="?([^";]+)/)?.[1] || "report-extract";
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: decodeURIComponent(name) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Sends a file; `progress` is told the share that was sent, 0 to 1. */
export function send(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/api/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", event => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("error", () => reject(new Failure(0, { error: "offline" })));
    request.addEventListener("load", () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { told = { error: "failed" }; }
      if (request.status === 200) resolve(told); else reject(new Failure(request.status, told));
    });
    request.send(file);
  });
}
