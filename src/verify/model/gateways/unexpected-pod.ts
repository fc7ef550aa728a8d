import { formatValue } from "../../../source/format-value.ts";
import type { Path } from "../../../source/place.ts";
import type { ExpectedGateway } from "../../expected/expected.ts";
import { sortKeys } from "../guards/known-policies.ts";
import {
  type Fields,
  isFields,
  readFields,
  readLabels,
  readList,
  readNumber,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import type { Pod } from "../pods/pod.ts";
import type { MountedFile } from "./mounted-files.ts";

const SHARED = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "securityContext"] as const;
/** Hooks, other probes and variables run commands, or change which ones are run. */
const CONTAINER: readonly string[] = [
  ...["name", "image", "imagePullPolicy", "command", "args", "env", "resources", "securityContext", "readinessProbe"],
  "volumeMounts",
];
const BESIDE = ["initContainers", "ephemeralContainers"] as const;

/** What is other than meant, and where: a path below the object that is looked at, which may lead to what is missing. */
export interface UnexpectedField {
  readonly why: string;
  readonly at: Path;
}

/** Collects what is other than meant. */
function findUnexpected() {
  const found: UnexpectedField[] = [];
  return { found, say: (why: string, ...at: Path) => void found.push({ why, at }) };
}

/** What of a gateway's pod is other than meant, below its spec. `accounts`: those of its namespace. */
export function findUnexpectedPodFields(
  { spec, labels }: Pod,
  meant: ExpectedGateway,
  accounts: readonly string[],
): readonly UnexpectedField[] {
  const { found, say } = findUnexpected();
  for (const key of SHARED) if (key in spec) say(`it sets \`${key}\``, key);
  for (const key of BESIDE) if (readList(spec, key).length > 0) say(`it has \`${key}\``, key);
  if (readList(spec, "containers").length !== 1) say("it is not one container", "containers");
  if (spec.automountServiceAccountToken !== false)
    say("it is given a token of the API server", "automountServiceAccountToken");
  const account = readText(spec, "serviceAccountName") ?? "default";
  if (!accounts.includes(account)) say(`its account \`${account}\` is not written`, "serviceAccountName");
  const selector = readLabels(spec, "nodeSelector");
  const label = Object.keys(meant.nodes).find((key) => selector[key] !== meant.nodes[key]);
  if (label !== undefined) say(`it is not kept to nodes with ${label}=${meant.nodes[label]}`, "nodeSelector", label);
  for (const [key, value] of Object.entries(meant.scheduling))
    if (!isSame(spec[key], value)) say(`its \`${key}\` are not those that are meant`, key);
  if (meant.members > 1 && !isApart(spec, labels, meant)) say("its members may run on one node", "affinity");
  return found;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sortKeys(one)) === JSON.stringify(sortKeys(other));
}

function isApart(spec: Fields, labels: Pod["labels"], { topologyKey }: ExpectedGateway): boolean {
  const terms = readList(spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  return terms.some((term) => {
    const own = Object.entries(readLabels(term, "labelSelector", "matchLabels"));
    return (
      readText(term, "topologyKey") === topologyKey &&
      own.length > 0 &&
      own.every(([key, value]) => labels[key] === value)
    );
  });
}

/** What its container may do, below the container: no more than its commands need, and no less. */
export function findUnexpectedContainerFields(container: unknown, meant: ExpectedGateway): readonly UnexpectedField[] {
  const { found, say } = findUnexpected();
  const image = readText(container, "image");
  if (image !== meant.image) say(`its image is ${image}, and ${meant.image} is meant`, "image");
  const unknown = Object.keys(isFields(container) ? container : {}).find((key) => !CONTAINER.includes(key));
  if (unknown !== undefined) say(`it sets \`${unknown}\` of its container`, unknown);
  const variables = readList(container, "env").map((one) => readText(one, "name"));
  const variable = variables.findIndex((name) => name !== "MEMBER");
  if (variable !== -1) say(`its commands are given \`${variables[variable]}\``, "env", variable);
  for (const kind of ["requests", "limits"]) {
    const [own, asked] = [readFields(container, "resources", kind), readFields(meant.resources, kind)];
    const key = Object.keys(asked).find((one) => formatValue(own[one]) !== formatValue(asked[one]));
    if (key !== undefined)
      say(
        `its ${kind} of ${key} are ${formatValue(own[key])}, and ${formatValue(asked[key])} is meant`,
        "resources",
        kind,
        key,
      );
  }
  return [...found, ...findUnexpectedRights(readFields(container, "securityContext"), meant)];
}

function findUnexpectedRights(context: Fields, meant: ExpectedGateway): readonly UnexpectedField[] {
  const { found, say } = findUnexpected();
  const own = "securityContext";
  const meantKeys = ["runAsUser", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities"];
  const other = Object.keys(context).find((key) => !meantKeys.includes(key));
  if (other !== undefined) say(`it sets \`${other}\` of its container`, own, other);
  if (readNumber(context, "runAsUser") !== 0) say("it is not root, which its commands need to be", own, "runAsUser");
  if (context.allowPrivilegeEscalation !== false) say("its commands may gain rights", own, "allowPrivilegeEscalation");
  if (context.readOnlyRootFilesystem !== true) say("its image can be written to", own, "readOnlyRootFilesystem");
  if (readTexts(context, "capabilities", "drop").join() !== "ALL")
    say("it keeps capabilities that it does not need", own, "capabilities", "drop");
  const given = readTexts(context, "capabilities", "add");
  const more = given.findIndex((one) => !meant.capabilities.includes(one));
  if (more !== -1) say(`it is given ${given[more]}, which it does not need`, own, "capabilities", "add", more);
  const less = meant.capabilities.find((one) => !given.includes(one));
  if (less !== undefined) say(`it lacks ${less}, which its commands need`, own, "capabilities", "add");
  return found;
}

/** What is mounted, below the pod's spec: read-only, and where its commands find the secrets that are meant. */
export function findUnexpectedVolumes(
  spec: Fields,
  container: unknown,
  { secrets }: ExpectedGateway,
  files: readonly MountedFile[],
): readonly UnexpectedField[] {
  const { found, say } = findUnexpected();
  const bySecret = new Map<string, string>();
  const meant = new Set(secrets.map((one) => one.secret));
  const listed = readList(spec, "volumes");
  const volumes = new Map(listed.map((one) => [readText(one, "name"), one]));
  for (const [index, volume] of listed.entries()) {
    const kinds = Object.keys(isFields(volume) ? volume : {}).filter((key) => key !== "name");
    const kind = kinds[0] ?? "";
    const secret = readText(volume, "secret", "secretName");
    const strange = kinds.length !== 1 || !["configMap", "secret", "emptyDir"].includes(kind);
    const name = readText(volume, "name");
    const at = ["volumes", index] as const;
    if (strange) say(`its volume \`${name}\` is a \`${kinds.join(" and ")}\``, ...at);
    else if (kind === "secret" && !meant.has(secret ?? ""))
      say(`it mounts the secret \`${secret}\``, ...at, "secret", "secretName");
    if (kind !== "emptyDir" && readNumber(volume, kind, "defaultMode") !== 0o400)
      say(`others may read its volume \`${name}\``, ...at, kind, "defaultMode");
  }
  for (const [index, mount] of readList(container, "volumeMounts").entries()) {
    const volume = volumes.get(readText(mount, "name"));
    const secret = readText(volume, "secret", "secretName");
    const at = ["containers", 0, "volumeMounts", index] as const;
    if (!volume) say(`it mounts \`${readText(mount, "name")}\`, which is no volume of its`, ...at, "name");
    else if (!("emptyDir" in (volume as object)) && (mount as Fields).readOnly !== true)
      say(`it may write to \`${readText(mount, "mountPath")}\``, ...at, "readOnly");
    if (secret !== undefined) bySecret.set(secret, readText(mount, "mountPath") ?? "");
  }
  if (!listed.some((one) => isFields(one) && "emptyDir" in one && mountedAt(container, one) === "/run"))
    say("it has no place of its own at /run", "containers", 0, "volumeMounts", "/run");
  for (const { secret, key, use } of secrets) {
    const path = `${use}${bySecret.get(secret)}/${key}`;
    const index = listed.findIndex((one) => readText(one, "secret", "secretName") === secret);
    if (
      !files.some((file) =>
        file.text
          .split(path)
          .slice(1)
          .some((rest) => /^\s/.test(rest)),
      )
    )
      say(`its commands do not take up \`${secret}\``, "volumes", index === -1 ? secret : index);
  }
  return found;
}

function mountedAt(container: unknown, volume: Fields): string | undefined {
  const mount = readList(container, "volumeMounts").find((one) => readText(one, "name") === volume.name);
  return readText(mount, "mountPath");
}
