import type { ConnectionChange } from "../connection-changes.ts";

/** More lines than this are no picture. */
const LINES_MAX = 12;

/** What opens (thick) and what closes (dotted), as a picture that GitHub and GitLab draw; nothing where it is large. */
export function formatDifferenceMermaid(connections: readonly ConnectionChange[]): string {
  const lines = connections.flatMap(({ from, to, way, opened, closed }) => {
    const services = (parts: ConnectionChange["opened"]) =>
      [...new Set(parts.flatMap((one) => one.services))].join(" ");
    const by = way.length === 1 && way[0] === "eth0" ? "" : ` by ${way.join(" > ")}`;
    return [
      ...(opened.length > 0 ? [{ from, to, arrow: "==>", label: `opens ${services(opened)}${by}` }] : []),
      ...(closed.length > 0 ? [{ from, to, arrow: "-.->", label: `closes ${services(closed)}${by}` }] : []),
    ];
  });
  if (lines.length === 0 || lines.length > LINES_MAX) return "";
  const names = [...new Set(lines.flatMap((one) => [one.from, one.to]))];
  const boxes = names.map((name, index) => `  n${index}["${escapeText(name)}"]`);
  const arrows = lines.map(
    ({ from, to, arrow, label }) => `  n${names.indexOf(from)} ${arrow}|"${escapeText(label)}"| n${names.indexOf(to)}`,
  );
  return `\`\`\`mermaid\nflowchart LR\n${[...boxes, ...arrows].join("\n")}\n\`\`\``;
}

function escapeText(text: string): string {
  return text.replaceAll('"', "#quot;").replaceAll("<", "#lt;").replaceAll("`", "'");
}
