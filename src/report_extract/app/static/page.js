// The picture of a page, with boxes on it; and a cell of it, enlarged and turned upright.
import { make, words } from "./dom.js";
import { turned } from "./grid.js";

const DPI = 120, SCALE = DPI / 72;
const pictures = new Map();   // address -> promise of an image, the latest ones

export const address = (document, number, turn = 0) => `/api/documents/${document}/picture/${number}?dpi=${DPI}${turn ? `&turn=${turn}` : ""}`;

export function picture(document, number, turn = 0) {
  const at = address(document, number, turn);
  if (!pictures.has(at)) {
    const image = new Image();
    image.src = at;
    pictures.set(at, image.decode().then(() => image));
    pictures.get(at).catch(() => pictures.delete(at));
    while (pictures.size > 12) pictures.delete(pictures.keys().next().value);
  }
  return pictures.get(at);
}

/** The box of a cell on the picture that is turned so that the cell stands upright. */
function uprightBox(card, image) {
  const sides = [image.naturalWidth / SCALE, image.naturalHeight / SCALE];
  return turned(card.box, -card.rotation, ...(card.rotation % 180 ? sides.reverse() : sides));
}

/** The cell's picture, upright, as large as can be read well. */
export function crop(card, document) {
  const canvas = make("canvas", { className: "crop", data: { role: "img", "aria-label": words.pictureOf(card.raw || card.value || words.empty) } });
  if (!card.page) return null;
  const sideways = card.rotation % 180 !== 0, pad = 5;
  const [wide, high] = [card.box[2] - card.box[0], card.box[3] - card.box[1]].map(side => (side + 2 * pad) * SCALE);
  const [w, h] = sideways ? [high, wide] : [wide, high];
  const zoom = Math.max(0.5, Math.min(2.5, 620 / w, 260 / h));
  [canvas.width, canvas.height] = [Math.ceil(w * zoom), Math.ceil(h * zoom)];
  picture(document, card.page, card.rotation).then(image => {
    const [x0, top] = uprightBox(card, image).map((v, i) => (v + (i < 2 ? -pad : pad)) * SCALE);
    canvas.getContext("2d").drawImage(image, x0, top, w, h, 0, 0, canvas.width, canvas.height);
  }, () => canvas.replaceWith(make("p", { className: "faint", textContent: words.noPicture })));
  return canvas;
}

/** A page that shows where a cell stands. `show(document, card)` turns to it. */
export function sheet() {
  const image = make("img", { alt: "" });
  const mark = make("div", { className: "mark", hidden: true });
  const figure = make("figure", { className: "sheet" }, image, mark);
  let here = "";
  return {
    node: figure,
    show(document, card) {
      if (!card) { figure.hidden = true; here = ""; return; }
      if (!card.page) card = { ...card, page: 1, rotation: 0, box: null };   // it stands nowhere: the first page tells whose report it is
      figure.hidden = false;
      const at = address(document, card.page, card.rotation);
      const place = () => {
        if (here !== at || image.dataset.at !== at || !image.naturalWidth) return;
        mark.hidden = !card.box;
        if (!card.box) { if (figure.parentElement) figure.parentElement.scrollTop = 0; return; }
        const percent = (value, side) => `${100 * value * SCALE / side}%`;
        const [x0, top, x1, bottom] = uprightBox(card, image);
        Object.assign(mark.style, { left: percent(x0, image.naturalWidth), top: percent(top, image.naturalHeight),
          width: percent(x1 - x0, image.naturalWidth), height: percent(bottom - top, image.naturalHeight) });
        const box = figure.parentElement;
        if (!box) return;
        box.scrollTop = figure.offsetTop + top * SCALE / image.naturalHeight * figure.offsetHeight - box.clientHeight / 2;
        box.scrollLeft = figure.offsetLeft + x0 * SCALE / image.naturalWidth * figure.offsetWidth - box.clientWidth / 2;
      };
      if (here !== at) {
        here = at;
        mark.hidden = true;
        image.alt = words.page(card.page);
        picture(document, card.page, card.rotation).then(() => { if (here === at) { image.src = at; image.decode().then(() => { image.dataset.at = at; place(); }, () => {}); } }, () => { figure.hidden = true; });
      } else place();
    },
  };
}
