// A long list of which only what is in sight is there: @tanstack/virtual-core, kept in vendor/.
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "./vendor/virtual-core.js";
import { make } from "./dom.js";

/**
 * Shows `count` rows in `scroller`; `row(index)` makes one. `height` is a guess: rows are measured.
 * Returns {refresh(count), reveal(index)}.
 */
export function virtual(scroller, { count, height, row, role }) {
  const space = make("div", { className: "space", data: { role } });
  scroller.replaceChildren(space);
  const made = new Map();   // index -> element
  let total = count;
  const options = () => ({
    count: total,
    getScrollElement: () => scroller,
    estimateSize: () => height,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    initialRect: { width: scroller.clientWidth || 800, height: scroller.clientHeight || 600 },
    onChange: paint,
  });
  const virtualizer = new Virtualizer(options());
  const stop = virtualizer._didMount();
  function paint() {
    const items = virtualizer.getVirtualItems();
    space.style.height = `${virtualizer.getTotalSize()}px`;
    const wanted = new Set(items.map(item => item.index));
    for (const [index, node] of made) if (!wanted.has(index) && !node.contains(document.activeElement)) { node.remove(); made.delete(index); }
    for (const item of items) {
      let node = made.get(item.index);
      if (!node) {
        node = row(item.index);
        node.dataset.index = item.index;
        node.classList.add("virtual");
        made.set(item.index, node);
        const after = [...space.children].find(other => +other.dataset.index > item.index);
        space.insertBefore(node, after || null);
        virtualizer.measureElement(node);
      }
      node.style.transform = `translateY(${item.start}px)`;
    }
  }
  virtualizer._willUpdate();
  paint();
  return {
    refresh(rows = total) {
      total = rows;
      virtualizer.setOptions(options());
      for (const node of made.values()) node.remove();
      made.clear();
      virtualizer._willUpdate();
      virtualizer.measure();
      paint();
    },
    reveal(index) { virtualizer.scrollToIndex(index, { align: "auto" }); paint(); },
    node: index => made.get(index),
    stop,
  };
}
