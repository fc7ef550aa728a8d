import { join } from "node:path";
import { expect } from "vitest";
import { findPosition, type SourceFile } from "../../src/source/source-file.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { findSpan } from "../../src/yaml/span.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";

/** A project as it is written, with every finding of its output after a change of all files. */
export function project(root: string, cluster: string, folder: string) {
  const inputs = exampleInputs(root);
  const known = knownOf(inputs).get(cluster) as ClusterKnowledge;
  const written = clusterFiles(readFolder(folder, "out"), cluster);
  const messages = (files: readonly SourceFile[]) =>
    verifyCluster(known, files, inputs.workloads)
      .diagnostics.filter((one) => one.severity === "error")
      .map(({ message, place, related }) => {
        const at = [place, ...related.map((one) => one.place)].flatMap((one) => (one ? [lineOf(one)] : []));
        return `${message} @ ${at.join(", ")}`;
      });
  return (from: RegExp | undefined, to = ""): string => {
    if (!from) return messages(written).join("\n");
    const changed = written.map((file) => ({ ...file, text: file.text.replace(from, to) }));
    expect(
      changed.some((file, index) => file.text !== written[index]?.text),
      "it changes something",
    ).toBe(true);
    return messages(changed).join("\n");
  };
}

function lineOf(place: Parameters<typeof findSpan>[0]): string {
  const { file, start } = findSpan(place);
  return `${file.path}:${findPosition(file, start).line}`;
}

/** A project of test/cases, tampered with. */
export const caseOf = (name: string) => {
  const root = join(ROOT, "test/cases", name);
  return project(root, "main", join(root, "expected"));
};

/** The example, tampered with. */
export const example = project(ROOT, "east", ROOT);
