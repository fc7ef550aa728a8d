import type { EdgeKind, Graph, NodeKind } from "../graph.ts";

const SHAPES: Readonly<Record<NodeKind, string>> = {
  zone: 'shape=box style="rounded,filled" fillcolor="#ddf4ff"',
  network: 'shape=box style=filled fillcolor="#dafbe1"',
  external: 'shape=box style=filled fillcolor="#fff8c5"',
  firewall: 'shape=box style="filled,bold" fillcolor="#ffebe9"',
  vpn: 'shape=box style="filled,bold" fillcolor="#fbefff"',
  far: 'shape=box style="filled,dashed" fillcolor="#f6f8fa"',
  outside: 'shape=box style="filled,dashed" fillcolor="#f6f8fa"',
};

const LINES: Readonly<Record<EdgeKind, string>> = {
  allowed: "",
  leg: " style=dotted dir=none",
  eth0: " style=dashed",
  tunnel: " penwidth=2",
};

/** The language of Graphviz. */
export function formatDot(graphs: readonly Graph[]): string {
  const clusters = graphs.map(({ cluster, nodes, edges }, index) => {
    const id = (node: string) => quoteText(`${cluster} ${node}`);
    const lines = [
      ...nodes.map((node) => {
        const text = [node.title, node.subtitle, ...node.lines].filter((line) => line !== "");
        return `${id(node.id)} [label=${quoteText(text.join("\n"))} ${SHAPES[node.kind]}];`;
      }),
      ...edges.map(({ from, to, kind, labels }) => {
        const label = labels.length > 0 ? `label=${quoteText(labels.join("\n"))}` : "";
        const said = `${label}${LINES[kind]}`.trim();
        return `${id(from)} -> ${id(to)}${said === "" ? "" : ` [${said}]`};`;
      }),
    ];
    return `  subgraph cluster_${index} {\n    label=${quoteText(cluster)};\n${lines.map((line) => `    ${line}\n`).join("")}  }\n`;
  });
  return `digraph network {\n  rankdir=LR;\n  node [fontname="sans-serif"];\n  edge [fontname="sans-serif"];\n${clusters.join("")}}\n`;
}

function quoteText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
