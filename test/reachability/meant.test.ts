import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SourceFile } from "../../src/source/source-file.ts";
import { positionAt } from "../../src/source/source-file.ts";
import { spanOf } from "../../src/source/span.ts";
import { type Known, verifyCluster } from "../../src/verify.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";

/** A project as it is written, with every finding of its output after a change of all files. */
function project(root: string, cluster: string, folder: string) {
  const inputs = exampleInputs(root);
  const known = knownOf(inputs).get(cluster) as Known;
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

function lineOf(place: Parameters<typeof spanOf>[0]): string {
  const { file, start } = spanOf(place);
  return `${file.path}:${positionAt(file, start).line}`;
}

const caseOf = (name: string) => {
  const root = join(ROOT, "test/cases", name);
  return project(root, "main", join(root, "expected"));
};

const example = project(ROOT, "east", ROOT);

describe("a network that moved as a whole", () => {
  test("to a VLAN that nobody uses", () =>
    expect(example(/bond1\.175/g, "bond1.176")).toMatch(
      /it is on link bond1 vlan 176, and isolationzone\/corp is meant for link bond1 vlan 175 @ out\/east\/zones\/corp\.yaml:\d+, intents\/zones\/corp\.yaml:\d+/,
    ));
  test("to another uplink", () =>
    expect(example(/bond1\.110/g, "bond2.110")).toMatch(
      /it is on link bond2 vlan 110, and isolationzone\/pci is meant/,
    ));
  test("to a link of another kind", () =>
    expect(example(/"master": "bond1\.110"/g, '"master": "bond1"')).toMatch(/it is on link bond1, and/));
  test("to another VPC of GKE", () =>
    expect(caseOf("kinds/gke")(/vpc: corp-vpc/g, "vpc: other-vpc")).toMatch(
      /it is on vpc other-vpc, and isolationzone\/corp is meant for vpc corp-vpc @ out\/main\/zones\/corp\.yaml:\d+, intents/,
    ));
});

describe("a tunnel that takes less, or leads elsewhere", () => {
  test("narrower AllowedIPs", () =>
    expect(example(/AllowedIPs = 192\.168\.77\.0\/24/, "AllowedIPs = 192.168.77.0/25")).toMatch(
      /wg-site1 leaves out 192\.168\.77\.128\/25 @ out\/east\/vpns\/site1\.yaml:\d+, intents\/vpns\/site1\.yaml:\d+/,
    ));
  test("the key of another peer", () =>
    expect(example(/PublicKey = x/, "PublicKey = y")).toMatch(/wg-site1 knows yTIBA5.* and not xTIBA5/));
  test("an endpoint that is another, let out by rules and policy", () =>
    expect(example(/203\.0\.113\.2\b/g, "203.0.113.9")).toMatch(/wg-site1 does not lead to 203\.0\.113\.2/));
  const ipsec = caseOf("output/ipsec-with-a-shared-key");
  test("narrower traffic selectors", () =>
    expect(ipsec(/remote_ts = 192\.168\.77\.0\/24/, "remote_ts = 192.168.77.0/25")).toMatch(
      /ipsec0 leaves out 192\.168\.77\.128\/25/,
    ));
  test("another name of the peer", () =>
    expect(ipsec(/(remote \{[^}]*id = )\S+/, "$1other.example.com")).toMatch(/ipsec0 knows .* and not /));
});

describe("routes where a server outside gives addresses", () => {
  const gke = caseOf("kinds/gke");
  test("as it is written", () => expect(gke(undefined)).toBe(""));
  test("a gateway that nobody is", () =>
    expect(gke(/gateway4: 10\.50\.0\.1/, "gateway4: 10.50.0.9")).toMatch(
      /it has no route to 10\.60\.0\.0\/16 by 10\.50\.0\.1/,
    ));
  test("another destination", () =>
    expect(gke(/to: 10\.60\.0\.0\/16/, "to: 10.61.0.0/16")).toMatch(/it has no route to 10\.60\.0\.0\/16/));
  test("a route that nobody asked for", () =>
    expect(gke(/( +)- to: 10\.60\.0\.0\/16\n/, "$&$1- to: 10.62.0.0/16\n")).toMatch(
      /a route to 10\.62\.0\.0\/16 by 10\.50\.0\.1 that no intent/,
    ));
});
