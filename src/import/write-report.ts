import { positionAt, type SourceFile } from "../source/source-file.ts";
import type { Loss } from "./loss.ts";
import type { WrittenIntent } from "./write-intents.ts";

const sections: readonly (readonly [Loss["kind"], string, string])[] = [
  ["network", "Networks that stay by hand", "No intent says what they say. Nothing changes for them."],
  [
    "workload",
    "Workloads that stay by hand",
    "Their annotation stays as it is, and goes on working: the network keeps its name.",
  ],
  ["assumed", "What was guessed", "Look at these."],
  ["detail", "What is not said any more", "The networks are carried, but for this."],
  [
    "beside",
    "What goes on working beside",
    "Nothing of this is written by plumbline; it names networks that keep their names.",
  ],
];

/** What an import carried, and what not and why, for people. */
export function writeReport(intents: readonly WrittenIntent[], losses: readonly Loss[]): SourceFile {
  const lines = ["# Import", "", ...summary(intents, losses), ""];
  if (intents.length > 0) lines.push("| network | became | pods |", "|---|---|---|", ...intents.map(row), "");
  for (const [kind, title, words] of sections) {
    const own = losses.filter((one) => one.kind === kind);
    if (own.length === 0) continue;
    lines.push(`## ${title}`, "", words, "", ...own.map((one) => `* ${lossLine(one)}`).sort(), "");
  }
  lines.push("What to do next, and in which order: docs/import.md of plumbline.", "");
  return { path: "import-report.md", text: lines.join("\n") };
}

/** The same in a few lines. */
export function summary(intents: readonly WrittenIntent[], losses: readonly Loss[]): readonly string[] {
  const objects = intents.reduce((sum, one) => sum + one.settled.network.objects.length, 0);
  const pods = intents.reduce((sum, one) => sum + one.settled.members.length, 0);
  const count = (kind: Loss["kind"]) => losses.filter((one) => one.kind === kind).length;
  return [
    `${counted(objects, "network")} carried, ${count("network")} left by hand; ${counted(pods, "attachment")} carried, ${count("workload")} left by hand.`,
  ];
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function row({ settled, kind, name }: WrittenIntent): string {
  const objects = settled.network.objects.map(({ namespace, name: own }) => `${namespace}/${own}`).join(", ");
  const pods = settled.members.map(({ workload }) => `${workload.kind} ${workload.namespace}/${workload.name}`);
  return `| ${objects} | ${kind === "zone" ? "IsolationZone" : "ExternalNetwork"} \`${name}\` | ${pods.join(", ")} |`;
}

/** `apps/nad.yaml:3: NetworkAttachmentDefinition media/iot: …` */
export function lossLine({ what, why, place }: Loss): string {
  return `${place.file.path}:${positionAt(place.file, place.start).line}: ${what}: ${why}`;
}
