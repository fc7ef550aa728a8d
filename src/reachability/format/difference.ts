import type { ConnectionChange, Difference, ObjectChange } from "../diff.ts";

const MARK = { added: "+", changed: "~", removed: "-" } as const;

export function differenceText({ objects, connections }: Difference): string {
  if (objects.length + connections.length === 0) return "no difference\n";
  const lines: string[] = [];
  if (connections.length > 0)
    lines.push("connections", ...connections.map((one) => `  ${MARK[one.change]} ${sentence(one)}`));
  else lines.push("connections: the same");
  if (objects.length > 0)
    lines.push("objects", ...objects.map((one) => `  ${MARK[one.change]} ${one.object}${madeFrom(one)}`));
  return `${lines.join("\n")}\n`;
}

function sentence({ from, to, way, before, after, change, because }: ConnectionChange): string {
  const services =
    change === "changed" ? `${before.join(" ")} => ${after.join(" ")}` : (after.length > 0 ? after : before).join(" ");
  return `${from} to ${to}: ${services} (by ${way.join(" > ")})${because.length > 0 ? `, ${because.join(", ")}` : ""}`;
}

function madeFrom({ intent }: ObjectChange): string {
  return intent === undefined ? "" : `  (${intent})`;
}

/** A comment on a pull request: what became reachable first, since that is what a reviewer answers for. */
export function differenceMarkdown({ objects, connections }: Difference): string {
  const opened = connections.filter((one) => one.opens);
  const rest = connections.filter((one) => !one.opens);
  const parts = [
    `### Network: ${summary(connections, objects)}`,
    connections.length === 0 ? "Who reaches whom stays the same." : "",
    opened.length > 0 ? `**Becomes reachable**\n\n${rows(opened)}` : "",
    rest.length > 0 ? `**No longer reachable, or less**\n\n${rows(rest)}` : "",
    objects.length > 0
      ? `<details><summary>${objects.length} objects</summary>\n\n${objectRows(objects)}\n</details>`
      : "",
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function summary(connections: readonly ConnectionChange[], objects: readonly ObjectChange[]): string {
  const count = (change: ConnectionChange["change"]) => connections.filter((one) => one.change === change).length;
  return `${count("added")} connections added, ${count("changed")} changed, ${count("removed")} removed; ${objects.length} objects`;
}

function rows(connections: readonly ConnectionChange[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const lines = connections.map(
    ({ from, to, way, before, after, because }) =>
      `| ${[from, to, before.join(" ") || "nothing", after.join(" ") || "nothing", way.join(" > "), because.join(" ")].map(cell).join(" | ")} |`,
  );
  return `| From | To | Before | After | By | Because of |\n|---|---|---|---|---|---|\n${lines.join("\n")}`;
}

function objectRows(objects: readonly ObjectChange[]): string {
  return objects.map((one) => `- ${one.change} \`${one.object}\`${one.intent ? ` (${one.intent})` : ""}`).join("\n");
}
