import type { PageEdge, PageNode, PagePicture } from "../src/answers/page/page-data.ts";

const GAP = 22;
/** Boxes of one column; a hub with 300 neighbours has several columns. */
const COLUMN_MAX = 12;
const PAD = 12;

/** One party in the middle, who reaches it at the left, whom it reaches at the right; undefined where nobody has that id. */
export function around({ nodes, edges }: PagePicture, focus: string): PagePicture | undefined {
  const centre = nodes.find((one) => one.id === focus);
  if (!centre) return undefined;
  const own = edges.filter((one) => one.from === focus || one.to === focus);
  const receivers = new Set(own.filter((one) => one.from === focus).map((one) => one.to));
  const senders = new Set(own.filter((one) => one.to === focus && !receivers.has(one.from)).map((one) => one.from));
  const pick = (ids: ReadonlySet<string>) => nodes.filter((one) => ids.has(one.id) && one.id !== focus);
  const [left, right] = [columnsOf(pick(senders)), columnsOf(pick(receivers))];
  const space = 60 + Math.max(0, ...own.flatMap((one) => one.labels.map((label) => label.length * 6.7)));
  const height = Math.max(centre.height, ...[...left, ...right].map(heightOf)) + 2 * PAD;
  const placed: PageNode[] = [];
  let x = PAD;
  const put = (column: readonly PageNode[]) => {
    let y = (height - heightOf(column)) / 2;
    for (const node of column) {
      placed.push({ ...node, x, y });
      y += node.height + GAP;
    }
    x += Math.max(0, ...column.map((one) => one.width)) + GAP;
  };
  for (const column of left) put(column);
  if (left.length > 0) x += space;
  put([centre]);
  if (right.length > 0) x += space;
  for (const column of right) put(column);
  const straight = own.map((one): PageEdge => ({ ...one, points: [], at: undefined }));
  return { width: x - GAP + PAD, height, nodes: placed, edges: straight };
}

function columnsOf(nodes: readonly PageNode[]): readonly (readonly PageNode[])[] {
  const count = Math.ceil(nodes.length / COLUMN_MAX);
  return Array.from({ length: count }, (_none, index) => nodes.slice(index * COLUMN_MAX, (index + 1) * COLUMN_MAX));
}

function heightOf(column: readonly PageNode[]): number {
  return column.reduce((sum, one) => sum + one.height + GAP, -GAP);
}
