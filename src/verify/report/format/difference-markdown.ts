import type { ConnectionChange } from "../connection-changes.ts";
import type { Difference } from "../diff.ts";
import type { NetworkChange } from "../network-changes.ts";
import type { ObjectChange } from "../object-changes.ts";
import { formatDifferenceMermaid } from "./difference-mermaid.ts";
import {
  formatChangedServices,
  formatIsolationChange,
  formatLostFeature,
  formatOrigin,
  formatPolicyChange,
  isEmpty,
} from "./difference-text.ts";

/** By this line a program finds the comment that it wrote before, and updates it. */
export const COMMENT_MARK = "<!-- plumbline-diff -->";

/** A comment on a pull request: what becomes reachable comes first, since that is what a reviewer answers for. */
export function formatDifferencesMarkdown(differences: ReadonlyMap<string, Difference>): string {
  const all = [...differences];
  const changed = all.filter(([, one]) => !isEmpty(one));
  const same = all.filter(([, one]) => isEmpty(one)).map(([name]) => name);
  const parts = changed.map(([name, one]) => `### Network of ${name}\n\n${formatDifferenceMarkdown(one)}`);
  if (same.length > 0) parts.push(`Nothing changes in ${same.join(", ")}.\n`);
  return `${COMMENT_MARK}\n${parts.join("\n")}`;
}

export function formatDifferenceMarkdown(difference: Difference): string {
  const { isolation, objects, networks, guards, connections, losses } = difference;
  const opened = connections.filter((one) => one.opened.length > 0);
  const closed = connections.filter((one) => one.closed.length > 0);
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? "" : `#### ${title}\n\n${lines.map((line) => `- ${cell(line)}`).join("\n")}`;
  const parts = [
    `**${isEmpty(difference) ? "Nothing changes." : summary(opened.length, closed.length, objects)}**`,
    list("Lost", losses.map(formatLostFeature)),
    list("Isolation", isolation.map(formatIsolationChange)),
    connections.length === 0 ? "Who reaches whom stays the same." : "",
    opened.length > 0 ? `#### Becomes reachable\n\n${rows(opened, "opened")}` : "",
    closed.length > 0 ? `#### No longer reachable\n\n${rows(closed, "closed")}` : "",
    formatDifferenceMermaid(connections),
    networks.length > 0 ? `#### Networks\n\n${networkRows(networks)}` : "",
    list("Guards", guards.map(formatPolicyChange)),
    objects.length > 0
      ? `<details><summary>${counted(objects.length)}</summary>\n\n${objectRows(objects)}\n\n</details>`
      : "",
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function counted(count: number): string {
  return `${count} ${count === 1 ? "object" : "objects"}`;
}

function summary(opened: number, closed: number, objects: readonly ObjectChange[]): string {
  const count = (change: ObjectChange["change"]) => objects.filter((one) => one.change === change).length;
  const made = `${counted(count("added"))} added, ${count("changed")} changed, ${count("removed")} removed`;
  return `${opened === 0 ? "Opens nothing" : `Opens ${opened}`}, ${closed === 0 ? "closes nothing" : `closes ${closed}`}; ${made}.`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

/** Four columns fit into a comment. Which pods or addresses it is, and because of which line, stands in their cells. */
function rows(connections: readonly ConnectionChange[], which: "opened" | "closed"): string {
  const lines = connections.map((one) => {
    const part = one[which];
    const ends = (party: string, names: readonly string[]) => {
      const exactly = [...new Set(names)].filter((name) => name !== party);
      return [cell(party), ...exactly.map((name) => `<sub>${cell(name)}</sub>`)].join("<br>");
    };
    const because = one.because.map((line) => `\`${cell(line)}\``);
    const from = part.map((each) => each.from);
    const to = part.map((each) => each.to);
    const exactly = [...new Set(part.map((each) => each.services.join(" ")))].map(cell);
    const whole =
      one.change === "changed" && one.before.join() !== one.after.join()
        ? [`<sub>${cell(formatChangedServices(one))}</sub>`]
        : [];
    const by = [cell(one.way.join(" > ")), ...because].join("<br>");
    return `| ${[ends(one.from, from), ends(one.to, to), [...exactly, ...whole].join("<br>"), by].join(" | ")} |`;
  });
  return `| From | To | Services | By, because of |\n|---|---|---|---|\n${lines.join("\n")}`;
}

function networkRows(networks: readonly NetworkChange[]): string {
  const lines = networks.map(({ network, what, before, after, because }) => {
    const cells = [network, what, `${before} -> ${after}`].map(cell);
    return `| ${[...cells, because === undefined ? "" : `\`${cell(because)}\``].join(" | ")} |`;
  });
  return `| Network | What | Change | Because of |\n|---|---|---|---|\n${lines.join("\n")}`;
}

function objectRows(objects: readonly ObjectChange[]): string {
  return objects.map((one) => `- ${one.change} \`${one.object}\`${formatOrigin(one)}`).join("\n");
}
