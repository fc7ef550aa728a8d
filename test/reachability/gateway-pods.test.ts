import { describe, expect, test } from "vitest";
import type { Place } from "../../src/source/place.ts";
import { type ClusterKnowledge, verifyCluster } from "../../src/verify/verify-cluster.ts";
import { findSpan } from "../../src/yaml/span.ts";
import { clusterFiles, exampleInputs, knownOf, ROOT } from "./example.ts";
import { readFolder } from "./read-folder.ts";
import { caseOf, example } from "./tampered.ts";

/** An edit of all files, and what verify says of it. */
type Tampering = readonly [title: string, from: RegExp, to: string, says: RegExp];

const pods: readonly Tampering[] = [
  ["another image", /netfw@sha256:7d/g, "netfw@sha256:8d", /its image is .*8d.*, and .*7d.* is meant/],
  ["an image without digest", /netfw@sha256:\w+/g, "netfw:latest", /its image is registry\.example\.com\/netfw:latest/],
  [
    "commands that gain rights",
    /allowPrivilegeEscalation: false/g,
    "allowPrivilegeEscalation: true",
    /may gain rights/,
  ],
  ["a privileged container", /runAsUser: 0/g, "runAsUser: 0\n            privileged: true", /sets `privileged`/],
  ["another user", /runAsUser: 0/g, "runAsUser: 1000", /it is not root/],
  [
    "a command at its start",
    /^( +)readinessProbe:/gm,
    "$1lifecycle: {postStart: {exec: {command: [nft, flush, ruleset]}}}\n$&",
    /sets `lifecycle` of its container/,
  ],
  [
    "a command while it lives",
    /^( +)readinessProbe:/gm,
    "$1livenessProbe: {exec: {command: [nft, flush, ruleset]}}\n$&",
    /sets `livenessProbe` of its container/,
  ],
  ["other programs", /^( +)- name: MEMBER$/gm, "$1- {name: PATH, value: /run}\n$&", /commands are given `PATH`/],
  ["the node's network", /enableServiceLinks: false/g, "$&\n      hostNetwork: true", /it sets `hostNetwork`/],
  ["the node's processes", /enableServiceLinks: false/g, "$&\n      hostPID: true", /it sets `hostPID`/],
  ["another capability", /- NET_RAW/g, "- NET_RAW\n                - SYS_ADMIN", /it is given SYS_ADMIN/],
  ["capabilities that are kept", /drop:\n +- ALL/g, "drop: []", /keeps capabilities/],
  [
    "an image that is written to",
    /readOnlyRootFilesystem: true/g,
    "readOnlyRootFilesystem: false",
    /can be written to/,
  ],
  [
    "a token",
    /automountServiceAccountToken: false\n( +)enable/g,
    "automountServiceAccountToken: true\n$1enable",
    /given a token/,
  ],
  ["another container", /^( {6})containers:\n/gm, "$&$1  - {name: other, image: x}\n", /it is not one container/],
  [
    "a container that runs first",
    /^( {6})containers:\n/gm,
    "$1initContainers: [{name: other, image: x}]\n$&",
    /initContainers/,
  ],
  ["a folder of the node", /emptyDir: \{\}/g, "hostPath: {path: /}", /its volume `run` is a `hostPath`/],
  ["the secret of somebody else", /secretName: wg-site1$/gm, "secretName: other", /it mounts the secret `other`/],
  ["a key that is not there", /plumbline\/privatekey/g, "plumbline/other", /do not take up `wg-site1`/],
  ["two pods of one address", /replicas: 1$/gm, "replicas: 2", /it is not one pod/],
  ["a new pod beside the old", /type: Recreate/g, "type: RollingUpdate", /may start beside the old one/],
  ["members on one node", /podAntiAffinity/g, "podAffinity", /may run on one node/],
  ["nodes without the links", /role: edge/g, "role: other", /not kept to nodes with role=edge/],
  ["no budget", /minAvailable: 1/g, "minAvailable: 0", /no budget keeps one of its members/],
  ["a namespace that refuses it", /enforce: privileged/g, "enforce: restricted", /admits pods of the level restricted/],
  ["an account of somebody else", /serviceAccountName: edge/g, "serviceAccountName: other", /`other` is not written/],
  [
    "a probe of a chain that is not there",
    /chain inet plumbline forward >/g,
    "chain inet other forward >",
    /no rules have/,
  ],
  [
    "rules that others may write",
    /(mountPath: \/etc\/plumbline\/rules\n +)readOnly: true/g,
    "$1readOnly: false",
    /it may write to/,
  ],
];

const files: readonly Tampering[] = [
  [
    "a script that goes on",
    /set -eu\n/g,
    "set -u\n",
    /does not fail closed: start\.sh goes on after a command that fails/,
  ],
  [
    "rules that may fail",
    /&& nft -f "\$rules"; \}/g,
    '&& nft -f "$rules" || true; }',
    /start\.sh is none of the texts/,
  ],
  ["a loop that reloads nothing", /&& load; then/g, "; then", /start\.sh is none of the texts/],
  [
    "a tunnel that is never taken down",
    /ip link delete "\$link" 2>\/dev\/null \|\| true/g,
    ":",
    /tunnel\.sh is none of the texts/,
  ],
  ["one more command", /trap 'exit 0' TERM INT/g, "$&\n    sleep 1", /start\.sh is none of the texts/],
  [
    "an address that is left from before",
    /^ +ip address del 10\.10\.0\.1\/24 .*\n/gm,
    "",
    /is not taken away at the start/,
  ],
  ["no mark on the tunnel's packets", /^ +FwMark.*\n/gm, "", /have no mark/],
  [
    "a tunnel that is kept awake otherwise",
    /PersistentKeepalive = 25/g,
    "PersistentKeepalive = 0",
    /after 0 seconds, and 25/,
  ],
  [
    "another address in the tunnel",
    /address replace 172\.31\.0\.2\/32/g,
    "address replace 172.31.0.3/32",
    /wg-site1 has 172\.31\.0\.3/,
  ],
  [
    "keepalived with a script of others",
    /enable_script_security/g,
    "script_user nobody",
    /in edge-1\.conf is not what is known/,
  ],
  ["another virtual router", /virtual_router_id 78/g, "virtual_router_id 79", /is virtual router 79, but must be 78/],
  ["two members that are first", /priority 100/g, "priority 150", /two members have the priority 150/],
  [
    "a member that speaks to itself",
    /unicast_peer \{\n +10\.10\.0\.2\n/g,
    "unicast_peer {\n        10.10.0.3\n",
    /which is itself/,
  ],
];

const rules: readonly Tampering[] = [
  [
    "errors of connections are dropped",
    /related : accept/g,
    "related : drop",
    /its forward chain drops ICMP errors of connections/,
  ],
  [
    "errors for itself are dropped",
    /ct state established,related accept/g,
    "ct state established accept",
    /its input chain drops ICMP errors/,
  ],
  ["no ping is answered", /^.*echo-request accept\n/gm, "", /it answers no ping for/],
  [
    "neighbours of a leg are not found",
    /^( +)(icmpv6 type \{.*\}) accept$/gm,
    "$1$2 drop",
    /drops nd-neighbor-solicit/,
  ],
];

for (const [what, list] of [
  ["pods", pods],
  ["files", files],
  ["rules", rules],
] as const)
  describe(`${what} of a gateway that are other than meant`, () => {
    test.each(list)("%s", (_title, from, to, says) => expect(example(from, to)).toMatch(says));
  });

/** What stands under the caret of every finding of a gateway's pod, in a tampered example. */
function carets(from: RegExp, to: string): readonly string[] {
  const inputs = exampleInputs(ROOT);
  const files = clusterFiles(readFolder(ROOT, "out"), "east");
  const changed = files.map((file) => ({ ...file, text: file.text.replace(from, to) }));
  const { diagnostics } = verifyCluster(knownOf(inputs).get("east") as ClusterKnowledge, changed, inputs.workloads);
  return diagnostics
    .filter((one) => one.code === "verify/gateway-pod")
    .map(({ place }) => {
      const { file, start, end } = findSpan(place as Place);
      const line = file.text.slice(file.text.lastIndexOf("\n", start - 1) + 1, start);
      return `${line}${file.text.slice(start, end)}`.trim().replaceAll(/\s+/g, " ");
    });
}

test.each([
  ["an image", /netfw@sha256:7d/g, "netfw@sha256:8d", /^image: registry\S+netfw@sha256:8d/],
  ["a right", /allowPrivilegeEscalation: false/g, "allowPrivilegeEscalation: true", /^allowPrivilegeEscalation: true$/],
  ["a key of the container", /^( +)readinessProbe:/gm, "$1stdin: true\n$&", /^stdin: true$/],
  ["a capability", /- NET_RAW/g, "- NET_RAW\n                - SYS_ADMIN", /^- SYS_ADMIN$/],
  ["a key of the pod", /enableServiceLinks: false/g, "$&\n      hostPID: true", /^hostPID: true$/],
  ["what is missing", /^ +automountServiceAccountToken: false\n(?= +enable)/gm, "", /^spec$/],
  ["a secret", /secretName: wg-site1$/gm, "secretName: other", /^secretName: other$|^volumes$/],
  ["a mount", /(mountPath: \/etc\/plumbline\/rules\n +)readOnly: true/g, "$1readOnly: false", /^readOnly: false$/],
  ["replicas", /replicas: 1$/gm, "replicas: 2", /^replicas: 2$/],
  ["the strategy", /type: Recreate/g, "type: RollingUpdate", /^type: RollingUpdate$/],
  ["a label of nodes", /role: edge/g, "role: other", /^role: other$/],
  ["a budget", /minAvailable: 1/g, "minAvailable: 0", /^minAvailable: 0$/],
  ["a namespace", /enforce: privileged/g, "enforce: restricted", /enforce: restricted$/],
  ["a probe", /chain inet plumbline forward >/g, "chain inet other forward >", /chain inet other forward/],
])("the caret stands at the field at fault: %s", (_title, from, to, at) => {
  const found = carets(from, to);
  expect(found.length).toBeGreaterThan(0);
  for (const one of found) expect(one).toMatch(at);
});

describe("gateways of other cases", () => {
  test("a certificate that is not taken up", () =>
    expect(
      caseOf("output/ipsec-with-a-certificate")(
        /cp \/run\/secrets\/plumbline\/tls\.crt/,
        "cp /run/secrets/plumbline/x.crt",
      ),
    ).toMatch(/do not take up/));
  test("a proposal without encryption", () =>
    expect(caseOf("output/ipsec-with-a-shared-key")(/version = 2/, "version = 1")).toMatch(
      /swanctl\.conf is none of the texts/,
    ));
  test("a single firewall on OpenShift is as it is meant", () =>
    expect(caseOf("output/single-member-on-openshift")(undefined)).toBe(""));
});
