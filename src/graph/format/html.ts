import type { Graph } from "../graph.ts";
import { escaped } from "./svg.ts";

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:100rem}
svg{max-width:100%;height:auto}h1{font-size:1.3rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse}th,td{border:1px solid #8c959f66;padding:.3rem .6rem;text-align:left;vertical-align:top}
code{font-size:.9em}@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}}`;

const WORDS = {
  allowed: "through a gateway",
  leg: "a leg, and nothing is allowed",
  eth0: "by eth0",
  tunnel: "encrypted",
};

/** One page that works from a file: the picture, and the same in words. No script, nothing loaded. */
export function graphHtml(graphs: readonly Graph[], svg: string, title: string): string {
  const sections = graphs.map(({ cluster, nodes, edges }) => {
    const titles = new Map(nodes.map((node) => [node.id, node.title]));
    const name = (id: string) => escaped(titles.get(id) ?? id);
    const things = nodes.map(
      (node) =>
        `<tr><td><code>${escaped(node.id)}</code></td><td>${escaped(node.subtitle)}</td><td>${node.lines.map(escaped).join("<br>")}</td></tr>`,
    );
    const ways = edges.map(
      (edge) =>
        `<tr><td>${name(edge.from)}</td><td>${name(edge.to)}</td><td>${edge.labels.map(escaped).join("<br>")}</td><td>${WORDS[edge.kind]}</td></tr>`,
    );
    return `<h2>${escaped(cluster)}</h2>
<table><thead><tr><th>From</th><th>To</th><th>What</th><th>How</th></tr></thead><tbody>
${ways.join("\n")}
</tbody></table>
<p></p>
<table><thead><tr><th>Intent</th><th>Where</th><th>What is there</th></tr></thead><tbody>
${things.join("\n")}
</tbody></table>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
${svg.trimEnd()}
${sections.join("\n")}
</body></html>
`;
}
