// A grid of lines with merged cells, and what becomes of it when lines are added, moved and removed. No pictures here.

/** A box after its page of `w` x `h` points is turned clockwise by `by` degrees. */
export function turned([x0, top, x1, bottom], by, w, h) {
  switch (((by % 360) + 360) % 360) {
    case 90: return [h - bottom, x0, h - top, x1];
    case 180: return [w - x1, h - bottom, w - x0, h - top];
    case 270: return [top, w - x1, bottom, w - x0];
    default: return [x0, top, x1, bottom];
  }
}

/** The cells of a grid: [row, col, row after the last, col after the last], every place once. */
export function cells({ xs, ys, merges }) {
  const taken = new Set(), found = [...merges.map(merge => [...merge])];
  for (const [r0, c0, r1, c1] of merges) for (let r = r0; r < r1; r++) for (let c = c0; c < c1; c++) taken.add(r * 10000 + c);
  for (let r = 0; r < ys.length - 1; r++) for (let c = 0; c < xs.length - 1; c++) if (!taken.has(r * 10000 + c)) found.push([r, c, r + 1, c + 1]);
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

const later = (edge, at) => edge + (edge >= at);

/** A new line at `place`; `axis` is "xs" or "ys". Returns the number of the line, -1 where one is too near. */
export function addLine(grid, axis, place) {
  const edges = grid[axis];
  if (edges.some(edge => Math.abs(edge - place) < 1.5)) return -1;
  const at = edges.findIndex(edge => edge > place);
  if (at <= 0) return -1;
  edges.splice(at, 0, Math.round(place * 100) / 100);
  const [low, high] = axis === "xs" ? [1, 3] : [0, 2];
  for (const merge of grid.merges) { merge[low] = later(merge[low], at); merge[high] = later(merge[high], at); }
  if (axis === "xs") grid.columns = grid.columns.map(([col, name]) => [later(col, at), name]);
  else {
    if (grid.header_rows !== null) grid.header_rows = later(grid.header_rows, at);
    if (grid.total_rows) grid.total_rows = grid.total_rows.map(row => later(row, at));
  }
  return at;
}

/** Without a line; one of the four sides cannot go. */
export function removeLine(grid, axis, at) {
  const edges = grid[axis];
  if (at <= 0 || at >= edges.length - 1) return false;
  edges.splice(at, 1);
  const [low, high] = axis === "xs" ? [1, 3] : [0, 2];
  const earlier = edge => edge - (edge > at);
  grid.merges = grid.merges.filter(merge => merge[low] !== at && merge[high] !== at)
    .map(merge => { const kept = [...merge]; kept[low] = earlier(kept[low]); kept[high] = earlier(kept[high]); return kept; })
    .filter(([r0, c0, r1, c1]) => r1 - r0 > 1 || c1 - c0 > 1);
  if (axis === "xs") grid.columns = grid.columns.filter(([col]) => col !== at).map(([col, name]) => [earlier(col), name]);
  else {
    if (grid.header_rows !== null) grid.header_rows = grid.header_rows - (grid.header_rows >= at && grid.header_rows > 0 ? 1 : 0);
    if (grid.total_rows) grid.total_rows = [...new Set(grid.total_rows.map(row => row - (row >= at)))];
  }
  return true;
}

/** A line moved, as far as its neighbours let it. */
export function moveLine(grid, axis, at, place) {
  const edges = grid[axis];
  const low = at ? edges[at - 1] + 1 : -1e5, high = at < edges.length - 1 ? edges[at + 1] - 1 : 1e5;
  edges[at] = Math.round(Math.max(low, Math.min(high, place)) * 100) / 100;
}

/** The cells of a rectangle of places made one; what they were merged to before is taken in whole. */
export function merge(grid, [r0, c0, r1, c1]) {
  for (let grown = true; grown;) {
    grown = false;
    for (const [a, b, c, d] of grid.merges) {
      if (a < r1 && c > r0 && b < c1 && d > c0 && (a < r0 || b < c0 || c > r1 || d > c1)) {
        [r0, c0, r1, c1] = [Math.min(a, r0), Math.min(b, c0), Math.max(c, r1), Math.max(d, c1)];
        grown = true;
      }
    }
  }
  grid.merges = grid.merges.filter(([a, b, c, d]) => !(a < r1 && c > r0 && b < c1 && d > c0));
  if (r1 - r0 > 1 || c1 - c0 > 1) grid.merges.push([r0, c0, r1, c1]);
  return [r0, c0, r1, c1];
}

/** The merged cells that a rectangle touches, taken apart. */
export function split(grid, [r0, c0, r1, c1]) {
  const before = grid.merges.length;
  grid.merges = grid.merges.filter(([a, b, c, d]) => !(a < r1 && c > r0 && b < c1 && d > c0));
  return grid.merges.length < before;
}
