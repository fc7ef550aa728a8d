import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { exampleInputs, knownOf, ROOT } from "./example.ts";

const inputs = exampleInputs(join(ROOT, "test/cases/output/ipsec-with-a-shared-key"));
const known = knownOf(inputs).get("main") as ClusterKnowledge;
const { files } = compile(inputs);

function codesAfter(from: string | RegExp, to: string): readonly string[] {
  const edited = files.map((file): SourceFile => ({ ...file, text: file.text.replace(from, to) }));
  expect(
    edited.some((file, index) => file.text !== files[index]?.text),
    "it changes something",
  ).toBe(true);
  const { diagnostics } = verifyCluster(known, edited, inputs.workloads);
  return [...new Set(diagnostics.filter((one) => one.severity === "error").map((one) => one.code))];
}

test("a tunnel as it is written is proved", () => {
  const { diagnostics } = verifyCluster(known, files, inputs.workloads);
  expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
});

describe("tampering is noticed", () => {
  for (const [title, from, to] of [
    ["ESP outside of UDP", "encap = yes", "encap = no"],
    ["a mode that is no tunnel", "mode = tunnel", "mode = transport"],
    ["no encryption", /esp_proposals = .*/, "esp_proposals = null-sha256"],
    ["policies that are not those of the link", "if_id_out = 51820", "if_id_out = 7"],
    ["a link of another id", "if_id 51820", "if_id 7"],
    ["another peer", "remote_addrs = 203.0.113.2", "remote_addrs = 203.0.113.9"],
    ["more behind the tunnel", "remote_ts = 192.168.77.0/24", "remote_ts = 0.0.0.0/0"],
    ["other networks behind the tunnel", "remote_ts = 192.168.77.0/24", "remote_ts = 192.168.78.0/24"],
    ["selectors that are not our address", "local_ts = 172.31.0.2/32", "local_ts = 172.31.0.3/32"],
    ["a key that nobody knows", "mobike = no", "mobike = no\n        policies = no"],
    ["IKE kept in", "udp dport { 500, 4500 }", "udp dport { 500, 4501 }"],
    ["a policy without the second port", "port: 4500", "port: 4501"],
    ["clear text let out of eth0", 'oifname "ipsec0" ip saddr', 'oifname "eth0" ip saddr'],
    ["no unreachable route", /\n.*route replace unreachable .*/, ""],
    ["no translation", /\n.*masquerade/, ""],
    ["no route into the tunnel", /\n.*route replace 192\.168\.77\.0\/24 .*/, ""],
    ["rules after the tunnel", /\n\s+nft -f .*/, ""],
  ] as const)
    test(title, () => expect(codesAfter(from, to)).not.toEqual([]));
});
