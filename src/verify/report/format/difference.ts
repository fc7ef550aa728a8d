import type { ConnectionChange, Detail } from "../connection-changes.ts";
import type { Difference, Loss } from "../diff.ts";
import type { GuardChange } from "../guard-changes.ts";
import type { NetworkChange } from "../network-changes.ts";
import type { ObjectChange } from "../object-changes.ts";

const MARK = { added: "+", changed: "~", removed: "-" } as const;

export function differenceText({ objects, networks, guards, connections, losses }: Difference): string {
  if (objects.length + networks.length + guards.length + connections.length + losses.length === 0)
    return "no difference\n";
  const lines: string[] = [];
  if (losses.length > 0) lines.push("losses", ...losses.map((one) => `  ! ${lossOf(one)}`));
  if (connections.length > 0) lines.push("connections", ...connections.flatMap(sentences));
  else lines.push("connections: the same");
  if (networks.length > 0) lines.push("networks", ...networks.map((one) => `  ~ ${networkLine(one)}`));
  if (guards.length > 0) lines.push("guards", ...guards.map((one) => `  ${MARK[one.change]} ${guardLine(one)}`));
  if (objects.length > 0)
    lines.push("objects", ...objects.map((one) => `  ${MARK[one.change]} ${one.object}${madeFrom(one)}`));
  return `${lines.join("\n")}\n`;
}

function networkLine({ network, what, before, after, because }: NetworkChange): string {
  return `${network}: ${what} ${before} -> ${after}${because === undefined ? "" : `  (${because})`}`;
}

function guardLine({ change, zone, namespace, network }: GuardChange): string {
  const admits = change === "added" ? "now also admits" : "no longer admits";
  return `zone ${zone}'s guard ${admits} network ${network}, for pods of namespace ${namespace}`;
}

function sentences(one: ConnectionChange): readonly string[] {
  const because = one.because.length > 0 ? `, ${one.because.join(", ")}` : "";
  const detail = (word: string, { from, to, services }: Detail) =>
    `      ${word} ${from} to ${to}: ${services.join(" ")}`;
  return [
    `  ${MARK[one.change]} ${one.from} to ${one.to}: ${servicesOf(one)} (by ${one.way.join(" > ")})${because}`,
    ...one.opened.map((each) => detail("opens", each)),
    ...one.closed.map((each) => detail("closes", each)),
  ];
}

function servicesOf({ before, after, change }: ConnectionChange): string {
  const [was, is] = [before.join(" "), after.join(" ")];
  if (change !== "changed") return change === "added" ? is : was;
  return was === is ? is : `${was} => ${is}`;
}

function lossOf({ code, text, at, leftOut, alsoLeftOut }: Loss): string {
  const place = at === undefined ? "" : `, ${at}`;
  const more = alsoLeftOut.length === 0 ? "" : `, and with it ${alsoLeftOut.join(", ")}`;
  return `${text} [${code}]${place}${leftOut === undefined ? "" : `; ${leftOut} is left out${more}`}`;
}

function madeFrom({ intent, because }: ObjectChange): string {
  if (intent === undefined) return "";
  return because === undefined ? `  (${intent})` : `  (${intent}, ${because})`;
}

/** A comment on a pull request: what became reachable first, since that is what a reviewer answers for. */
export function differenceMarkdown({ objects, networks, guards, connections, losses }: Difference): string {
  const opened = connections.filter((one) => one.opened.length > 0);
  const closed = connections.filter((one) => one.closed.length > 0);
  const parts = [
    `**${summary(opened, closed, networks.length + guards.length, objects)}**`,
    losses.length > 0 ? `#### Lost\n\n${losses.map((one) => `- ${cell(lossOf(one))}`).join("\n")}` : "",
    connections.length === 0 ? "Who reaches whom stays the same." : "",
    opened.length > 0 ? `#### Becomes reachable\n\n${rows(opened, "opened")}` : "",
    closed.length > 0 ? `#### No longer reachable\n\n${rows(closed, "closed")}` : "",
    networks.length > 0 ? `#### Networks\n\n${networkRows(networks)}` : "",
    guards.length > 0 ? `#### Guards\n\n${guards.map((one) => `- ${cell(guardLine(one))}`).join("\n")}` : "",
    objects.length > 0
      ? `<details><summary>${objects.length} objects</summary>\n\n${objectRows(objects)}\n\n</details>`
      : "",
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function summary(
  opened: readonly unknown[],
  closed: readonly unknown[],
  others: number,
  objects: readonly ObjectChange[],
): string {
  if (opened.length + closed.length + others + objects.length === 0) return "Nothing changes.";
  const count = (change: ObjectChange["change"]) => objects.filter((one) => one.change === change).length;
  const made = `${count("added")} objects added, ${count("changed")} changed, ${count("removed")} removed`;
  return `${opened.length === 0 ? "Opens nothing" : `Opens ${opened.length}`}, ${closed.length === 0 ? "closes nothing" : `closes ${closed.length}`}; ${made}.`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function rows(connections: readonly ConnectionChange[], which: "opened" | "closed"): string {
  const lines = connections.map((one) => {
    const exactly = one[which].map(({ from, to, services }) => cell(`${from} to ${to}: ${services.join(" ")}`));
    const cells = [one.from, one.to, servicesOf(one), one.way.join(" > ")].map(cell);
    const because = one.because.map((line) => `\`${cell(line)}\``).join("<br>");
    return `| ${[...cells, exactly.join("<br>"), because].join(" | ")} |`;
  });
  return `| From | To | Services | By | Exactly | Because of |\n|---|---|---|---|---|---|\n${lines.join("\n")}`;
}

function networkRows(networks: readonly NetworkChange[]): string {
  const lines = networks.map(({ network, what, before, after, because }) => {
    const cells = [network, what, before, after].map(cell);
    return `| ${[...cells, because === undefined ? "" : `\`${cell(because)}\``].join(" | ")} |`;
  });
  return `| Network | What | Before | After | Because of |\n|---|---|---|---|---|\n${lines.join("\n")}`;
}

function objectRows(objects: readonly ObjectChange[]): string {
  return objects.map((one) => `- ${one.change} \`${one.object}\`${madeFrom(one)}`).join("\n");
}
