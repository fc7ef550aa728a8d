import type { NodeKind } from "../graph.ts";
import { type Drawing, type PlacedEdge, type PlacedNode, type Point, ROW_HEIGHTS } from "../lay-out.ts";

const KINDS: readonly (readonly [NodeKind, string])[] = [
  ["zone", "isolation zone"],
  ["network", "network"],
  ["external", "external network"],
  ["firewall", "firewall pair"],
  ["vpn", "VPN egress"],
  ["outside", "outside of every intent"],
];

const STYLE = `svg{--page:#fff;--ink:#1b1f24;--soft:#57606a;--line:#57606a;--box:#f6f8fa}
@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#9198a1;--box:#151b23}}
.page{fill:var(--page)}.box{fill:var(--box);stroke:var(--k);stroke-width:1.2}.bar{fill:var(--k)}
.h{font:600 17px system-ui,sans-serif;fill:var(--ink)}.t{font:600 14px system-ui,sans-serif;fill:var(--ink)}
.s{font:12px system-ui,sans-serif;fill:var(--soft)}.l{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink)}
.e{fill:none;stroke:var(--line);stroke-width:1.5}.eth0{stroke-dasharray:6 4}.leg{stroke-dasharray:2 4}.tunnel{stroke:#8250df;stroke-width:2.5}
.n{fill:var(--page);opacity:.88}.m{fill:var(--line)}
.zone{--k:#0969da}.network{--k:#1a7f37}.external{--k:#bf8700}.firewall{--k:#cf222e}.vpn{--k:#8250df}.far{--k:#8250df}.outside{--k:#8c959f}
.far .box,.outside .box{stroke-dasharray:5 4}`;

const HEAD = 40;
const FOOT = 40;
const WIDTH_MIN = 640;

/** A picture that loads nothing; it follows the reader's light or dark page. */
export function formatSvg(drawings: readonly Drawing[], title: string): string {
  const width = Math.max(WIDTH_MIN, ...drawings.map((one) => one.width)) + 32;
  let y = 0;
  const parts = drawings.map((drawing) => {
    const part = `<g transform="translate(16 ${y})">${clusterOf(drawing, title)}</g>`;
    y += HEAD + drawing.height + 16;
    return part;
  });
  const height = y + FOOT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">
<style>${STYLE}</style>
<defs><marker id="a" viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="10" orient="auto"><path class="m" d="M0 0 8 4 0 8z"/></marker></defs>
<rect class="page" width="${width}" height="${height}" rx="8"/>
${parts.join("\n")}
<g transform="translate(24 ${height - 18})">${legend()}</g>
</svg>
`;
}

function clusterOf({ cluster, nodes, edges }: Drawing, title: string): string {
  return `<text class="h" x="8" y="28">${escapeXml(`${title}: ${cluster}`)}</text>
<g transform="translate(0 ${HEAD})">
${edges.map(line).join("\n")}
${nodes.map(box).join("\n")}
${edges
  .map(labels)
  .filter((one) => one !== "")
  .join("\n")}
</g>`;
}

function box({ kind, title, subtitle, lines, x, y, width, height, id }: PlacedNode): string {
  const texts = [
    `<text class="t" x="14" y="22">${escapeXml(title)}</text>`,
    ...(subtitle === "" ? [] : [`<text class="s" x="14" y="${ROW_HEIGHTS.title + 16}">${escapeXml(subtitle)}</text>`]),
    ...lines.map((text, index) => {
      const at = ROW_HEIGHTS.title + 16 + ROW_HEIGHTS.line * (index + (subtitle === "" ? 0 : 1));
      return `<text class="l" x="14" y="${at}">${escapeXml(text)}</text>`;
    }),
  ];
  return `<g class="${kind}" transform="translate(${x} ${y})"><title>${escapeXml(id)}</title><rect class="box" width="${width}" height="${height}" rx="6"/><path class="bar" d="M6 0H4a4 4 0 0 0-4 4v${height - 8}a4 4 0 0 0 4 4h2z"/>${texts.join("")}</g>`;
}

function line({ points, kind, from, to }: PlacedEdge): string {
  const end = kind === "leg" ? "" : ' marker-end="url(#a)"';
  return `<path class="e ${kind}" d="${curve(points)}"${end}><title>${escapeXml(`${from} to ${to}`)}</title></path>`;
}

/** Through the middles of the points, bent at the points: no corner, and no overshoot. */
function curve(points: readonly Point[]): string {
  const [first, ...others] = points;
  const last = others.pop();
  if (!first || !last) return "";
  const middle = (a: Point, b: Point) => `${(a.x + b.x) / 2} ${(a.y + b.y) / 2}`;
  const bends = others.map((point, index) => `Q${point.x} ${point.y} ${middle(point, others[index + 1] ?? last)}`);
  return `M${first.x} ${first.y}${bends.join("")}L${last.x} ${last.y}`;
}

function labels({ labels: texts, at }: PlacedEdge): string {
  if (!at || texts.length === 0) return "";
  const width = Math.max(...texts.map((text) => text.length * 6.7)) + 8;
  const height = texts.length * ROW_HEIGHTS.label + 4;
  const top = at.y - height / 2;
  const spans = texts.map(
    (text, index) =>
      `<text class="l" text-anchor="middle" x="${at.x}" y="${top + 12 + index * ROW_HEIGHTS.label}">${escapeXml(text)}</text>`,
  );
  return `<g><rect class="n" x="${at.x - width / 2}" y="${top}" width="${width}" height="${height}" rx="3"/>${spans.join("")}</g>`;
}

function legend(): string {
  let x = 0;
  const entries = KINDS.map(([kind, words]) => {
    const entry = `<g class="${kind}" transform="translate(${x} 0)"><rect class="bar" y="-9" width="10" height="10" rx="2"/><text class="s" x="15">${words}</text></g>`;
    x += words.length * 6.4 + 34;
    return entry;
  });
  const dashed = `<g transform="translate(${x} 0)"><path class="e eth0" d="M0-4h26"/><text class="s" x="32">by eth0</text></g>`;
  return entries.join("") + dashed;
}

export function escapeXml(text: string): string {
  const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (mark) => marks[mark] as string);
}
