import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Path } from "../../source/place.ts";
import type { ExpectedGateway } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { type MountedFile, readContainers } from "../model/gateways/mounted-files.ts";
import { findMissingCleanup, findUnexpectedFile, findUnsafeStart } from "../model/gateways/unexpected-file.ts";
import {
  findUnexpectedContainerFields,
  findUnexpectedPodFields,
  findUnexpectedVolumes,
  type UnexpectedField,
} from "../model/gateways/unexpected-pod.ts";
import {
  locateInManifest,
  type ReadManifest,
  readFields,
  readLabels,
  readList,
  readNumber,
  readText,
} from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { findTemplatePath, type Pod } from "../model/pods/pod.ts";
import { verifyRules } from "../rules.ts";

/** Gateways that run another image, with more rights, beside others, or by scripts that nobody has seen work. */
export function checkGatewayPods(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  if (watch.expected.gateways.length === 0) return [];
  const written = new Set(model.written);
  const configMaps = new Map(
    model.written.filter((one) => one.kind === "ConfigMap").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  const pods = new Map<string | undefined, Pod[]>();
  for (const pod of model.pods)
    if (written.has(pod.manifest) && pod.manifest.intent !== undefined) pushTo(pods, pod.manifest.intent, pod);
  const byNamespace = new Map<string, ReadManifest[]>();
  for (const one of model.written) {
    const list = byNamespace.get(one.namespace);
    if (list) list.push(one);
    else byNamespace.set(one.namespace, [one]);
  }
  const namespaces = new Map(
    (byNamespace.get("") ?? []).filter((one) => one.kind === "Namespace").map((one) => [one.name, one]),
  );
  return watch.expected.gateways.flatMap((meant) => {
    const own = pods.get(meant.gateway) ?? [];
    return [
      ...own.flatMap((pod) => checkPod(pod, meant, configMaps, byNamespace.get(pod.namespace) ?? [])),
      ...ofNamespace(meant, own, byNamespace.get(meant.namespace) ?? [], namespaces.get(meant.namespace)),
    ];
  });
}

function checkPod(
  pod: Pod,
  meant: ExpectedGateway,
  configMaps: ReadonlyMap<string, ReadManifest>,
  beside: readonly ReadManifest[],
): readonly Diagnostic[] {
  const { manifest, spec, id } = pod;
  const related = [{ place: meant.origin, label: "meant here" }];
  const say = (why: string, place: Parameters<typeof verifyRules.diagnose>[1]) =>
    verifyRules.diagnose("gateway-pod", place, { gateway: id, why }, { related });
  const below =
    (...path: Path) =>
    ({ why, at }: UnexpectedField): Diagnostic =>
      say(why, locateInManifest(manifest, ...path, ...at));
  const own = [...(findTemplatePath(manifest) ?? []), "spec"];
  const accounts = beside.filter((one) => one.kind === "ServiceAccount").map((one) => one.name);
  const files = readContainers(pod, configMaps).flatMap((one) => [...one.files.values()]);
  const [container] = readList(spec, "containers");
  const untidy = findMissingCleanup(files);
  return [
    ...workload(manifest).map(below("spec")),
    ...findUnexpectedPodFields(pod, meant, accounts).map(below(...own)),
    ...findUnexpectedContainerFields(container, meant).map(below(...own, "containers", 0)),
    ...findUnexpectedVolumes(spec, container, meant, files).map(below(...own)),
    ...probed(container, files).map((why) => below(...own, "containers", 0)({ why, at: PROBE })),
    ...(untidy ? [say(untidy.why, untidy.place)] : []),
    ...files.flatMap((file) => checkFile(file, meant, id, say)),
  ];
}

const PROBE = ["readinessProbe", "exec", "command", 2] as const;

function checkFile(
  file: MountedFile,
  meant: ExpectedGateway,
  id: string,
  say: (why: string, place: MountedFile["place"]) => Diagnostic,
): readonly Diagnostic[] {
  const open = findUnsafeStart(file);
  if (open !== undefined) return [verifyRules.diagnose("fails-open", file.place, { gateway: id, why: open })];
  const why = findUnexpectedFile(file, meant);
  return why === undefined ? [] : [say(why, file.place)];
}

/** A second pod would have the addresses of the first, and so would a new one beside the old. */
function workload({ value }: ReadManifest): readonly UnexpectedField[] {
  const labels = readLabels(value, "spec", "template", "metadata", "labels");
  const selector = readLabels(value, "spec", "selector", "matchLabels");
  const other = Object.keys(selector).find((key) => selector[key] !== labels[key]);
  const one = readNumber(value, "spec", "replicas") === 1;
  const recreated = readText(value, "spec", "strategy", "type") === "Recreate";
  return [
    ...(one ? [] : [{ why: "it is not one pod, and its addresses are for one", at: ["replicas"] }]),
    ...(recreated ? [] : [{ why: "a new pod may start beside the old one", at: ["strategy", "type"] }]),
    ...(other === undefined
      ? []
      : [{ why: `its selector names \`${other}\` other than its pods do`, at: ["selector", "matchLabels", other] }]),
  ];
}

/** Ready is who forwards: a probe of a chain that is not there keeps it from ever being so. */
function probed(container: unknown, files: readonly MountedFile[]): readonly string[] {
  const command = readList(container, "readinessProbe", "exec", "command");
  const text = typeof command[2] === "string" ? command[2] : "";
  const asked = /^nft list chain (\S+) (\S+) (forward) >\/dev\/null( && (.*))?$/.exec(text);
  if (command[0] !== "/bin/sh" || command[1] !== "-c" || !asked) return ["its probe does not ask for its rules"];
  const [, family, table, chain, , more] = asked;
  const rules = files.filter((file) => file.path.endsWith(".nft")).map((file) => file.text);
  const known = rules.some(
    (one) => one.includes(`table ${family} ${table} {`) && new RegExp(`^\\s*chain ${chain} \\{`, "m").test(one),
  );
  if (!known) return [`its probe asks for the chain \`${chain}\` of \`${family} ${table}\`, which no rules have`];
  const link = /wg show (\S+) /.exec(more ?? "")?.[1];
  if (link !== undefined && !files.some((file) => file.text.includes(`\nlink=${link}\n`)))
    return [`its probe asks for the tunnel ${link}, which its commands do not make`];
  return more === undefined || MORE.some((one) => one.test(more)) ? [] : [`its probe asks \`${more}\``];
}

/** keepalived runs, a handshake is young enough, or keys are in force. */
const MORE: readonly RegExp[] = [
  /^kill -0 "\$\(cat \/run\/keepalived\.pid\)"$/,
  /^\[ "\$\(\( \$\(date \+%s\) - \$\(wg show \S+ latest-handshakes \| cut -f2\) \)\)" -lt 180 \]$/,
  /^sh \/etc\/plumbline\/gateway\/tunnel\.sh ready$/,
];

const LEVEL = "pod-security.kubernetes.io/enforce";

/** What stands beside the pods: their namespace, which admits them, and the budget that keeps one of two. */
function ofNamespace(
  meant: ExpectedGateway,
  pods: readonly Pod[],
  beside: readonly ReadManifest[],
  own: ReadManifest | undefined,
): readonly Diagnostic[] {
  const related = [{ place: meant.origin, label: "meant here" }];
  const found: Diagnostic[] = [];
  const level = own && readLabels(own.value, "metadata", "labels")[LEVEL];
  if (own && level !== "privileged") {
    const why = `its namespace admits pods of the level ${level ?? "of the cluster"} only`;
    found.push(
      verifyRules.diagnose(
        "gateway-pod",
        locateInManifest(own, "metadata", "labels", LEVEL),
        { gateway: meant.gateway, why },
        { related },
      ),
    );
  }
  if (!meant.standby || pods.length < 2) return found;
  const budgets = beside.filter((one) => one.kind === "PodDisruptionBudget");
  const holds = budgets.some((one) => {
    const selector = Object.entries(readLabels(one.value, "spec", "selector", "matchLabels"));
    const known = Object.keys(readFields(one.value, "spec")).every(
      (key) => key === "minAvailable" || key === "selector",
    );
    return (
      known &&
      readNumber(one.value, "spec", "minAvailable") === 1 &&
      pods.every((pod) => selector.length > 0 && selector.every(([key, value]) => pod.labels[key] === value))
    );
  });
  if (holds) return found;
  const why = "no budget keeps one of its members when nodes are drained";
  const place = budgets[0]
    ? locateInManifest(budgets[0], "spec", "minAvailable")
    : locateInManifest((pods[0] as Pod).manifest, "spec");
  return [...found, verifyRules.diagnose("gateway-pod", place, { gateway: meant.gateway, why }, { related })];
}
