import type { EdgeKind, Graph } from "../graph.ts";

const ARROWS: Readonly<Record<EdgeKind, string>> = { allowed: "-->", leg: "-.-", eth0: "-.->", tunnel: "==>" };

/** A flowchart of Mermaid, which many forges draw where it stands in Markdown. */
export function formatMermaid(graphs: readonly Graph[]): string {
  const parts = graphs.map(({ cluster, nodes, edges }, index) => {
    const ids = new Map(nodes.map((node, nth) => [node.id, `c${index}n${nth}`]));
    const boxes = nodes.map((node) => {
      const text = [node.title, node.subtitle, ...node.lines].filter((line) => line !== "").map(escapeText);
      return `    ${ids.get(node.id)}["${text.join("<br>")}"]:::${node.kind}`;
    });
    const lines = edges.map(({ from, to, kind, labels }) => {
      const label = labels.length > 0 ? `|"${labels.map(escapeText).join("<br>")}"|` : "";
      return `    ${ids.get(from)} ${ARROWS[kind]}${label} ${ids.get(to)}`;
    });
    return [`  subgraph c${index}["${escapeText(cluster)}"]`, ...boxes, ...lines, "  end"].join("\n");
  });
  return `flowchart LR\n${parts.join("\n")}
  classDef zone fill:#ddf4ff,stroke:#0969da,color:#1b1f24
  classDef external fill:#fff8c5,stroke:#9a6700,color:#1b1f24
  classDef firewall fill:#ffebe9,stroke:#cf222e,color:#1b1f24
  classDef vpn fill:#fbefff,stroke:#8250df,color:#1b1f24
  classDef far fill:#f6f8fa,stroke:#57606a,color:#1b1f24,stroke-dasharray:4
  classDef outside fill:#f6f8fa,stroke:#57606a,color:#1b1f24,stroke-dasharray:4
`;
}

/** Mermaid's own entities; whatever could end a text or begin markup is one. */
function escapeText(text: string): string {
  return text.replace(/[^\w ./:,()-]/gu, (mark) => `#${mark.codePointAt(0)};`);
}
