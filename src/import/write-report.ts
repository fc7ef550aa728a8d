import { findPosition, type SourceFile } from "../source/source-file.ts";
import type { ImportLoss, LossSort } from "./loss.ts";
import type { WrittenIntent } from "./write-intents.ts";

const sections: readonly (readonly [ImportLoss["kind"], string, string])[] = [
  [
    "kept",
    "Networks that are carried as they stand",
    "Their configuration is copied without changes (`existing.config`), and their pods keep the annotation. plumbline does not model or verify them.",
  ],
  ["network", "Networks that stay by hand", "They are not part of the project. Nothing changes for them."],
  [
    "workload",
    "Attachments that stay by hand",
    "The annotation of the workload does not change and continues to work, because the network keeps its name.",
  ],
  [
    "keptPod",
    "Attachments that are carried as they stand",
    "Their network is carried as it stands, so they keep the annotation and get no patch.",
  ],
  [
    "chart",
    "Attachments of charts, operators and machines",
    "Charts, operators or KubeVirt create these pods. Their annotation does not change, and the networks keep their names.",
  ],
  ["assumed", "What was assumed", "Check these."],
  ["detail", "What changes", "The networks are carried, with these differences."],
  [
    "beside",
    "What stays beside the project",
    "plumbline does not write these objects. They name networks that keep their names.",
  ],
];

const sorts: readonly (readonly [LossSort, string])[] = [
  ["cannot", "Cannot be carried"],
  ["guess", "Not guessed: the files allow several meanings"],
  ["unknown", "Not understood yet"],
];

/** What an import carried, and what not and why, for people. */
export function writeReport(intents: readonly WrittenIntent[], losses: readonly ImportLoss[]): SourceFile {
  const lines = ["# Import", "", ...summarizeImport(intents, losses), ""];
  if (intents.length > 0) lines.push("| network | became | pods |", "|---|---|---|", ...intents.map(row), "");
  for (const [kind, title, words] of sections) {
    const own = losses.filter((one) => one.kind === kind);
    if (own.length === 0) continue;
    lines.push(`## ${title} (${own.length})`, "", words, "");
    if (kind !== "network" && kind !== "workload") lines.push(...listOf(own), "");
    else
      for (const [sort, heading] of sorts) {
        const some = own.filter((one) => (one.sort ?? "unknown") === sort);
        if (some.length > 0) lines.push(`### ${heading} (${some.length})`, "", ...listOf(some), "");
      }
  }
  lines.push("What to do next, and in which order: docs/import.md of plumbline.", "");
  return { path: "import-report.md", text: lines.join("\n") };
}

function listOf(losses: readonly ImportLoss[]): readonly string[] {
  return [...new Set(losses.map((one) => `* ${formatLoss(one)}`))].sort();
}

/** The same in a few lines. */
export function summarizeImport(intents: readonly WrittenIntent[], losses: readonly ImportLoss[]): readonly string[] {
  const objects = (some: readonly WrittenIntent[]) =>
    some.reduce((sum, one) => sum + one.settled.network.objects.length, 0);
  const pods = intents.reduce((sum, one) => sum + one.settled.members.length, 0);
  const kept = objects(intents.filter((one) => one.kind === "kept"));
  const count = (kind: ImportLoss["kind"]) => losses.filter((one) => one.kind === kind).length;
  const asTheyStand = kept > 0 ? ` (${kept} as ${kept === 1 ? "it stands" : "they stand"})` : "";
  const charts = count("chart") > 0 ? `, ${count("chart")} of charts and operators stay as they are` : "";
  const standing = count("keptPod");
  const keptPods = standing > 0 ? ` (${standing} as ${standing === 1 ? "it stands" : "they stand"})` : "";
  const lines = [
    `${formatCount(objects(intents), "network")} carried${asTheyStand}, ${count("network")} left by hand${bySort(losses, "network")}; ${formatCount(pods + standing, "attachment")} carried${keptPods}, ${count("workload")} left by hand${bySort(losses, "workload")}${charts}.`,
  ];
  return intents.length > 0 ? lines : [...lines, "Nothing was written: no network could be carried."];
}

function bySort(losses: readonly ImportLoss[], kind: ImportLoss["kind"]): string {
  const words = { cannot: "cannot be carried", guess: "not guessed", unknown: "not understood yet" };
  const own = losses.filter((one) => one.kind === kind);
  const parts = sorts.flatMap(([sort]) => {
    const count = own.filter((one) => (one.sort ?? "unknown") === sort).length;
    return count > 0 ? [`${count} ${words[sort]}`] : [];
  });
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}

export function formatCount(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function row({ settled, kind, name }: WrittenIntent): string {
  const objects = settled.network.objects.map(({ namespace, name: own }) => `${namespace}/${own}`).join(", ");
  const pods = settled.members.map(({ workload }) => `${workload.kind} ${workload.namespace}/${workload.name}`);
  const became = { zone: "IsolationZone", external: "ExternalNetwork", kept: "ExternalNetwork" }[kind];
  return `| ${objects} | ${became} \`${name}\`${kind === "kept" ? ", as it stands" : ""} | ${pods.join(", ")} |`;
}

/** `apps/nad.yaml:3: NetworkAttachmentDefinition media/iot: …` */
export function formatLoss({ what, why, place }: ImportLoss): string {
  return `${place.file.path}:${findPosition(place.file, place.start).line}: ${what}: ${why}`;
}
