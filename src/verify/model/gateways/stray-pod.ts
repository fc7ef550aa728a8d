import type { Path } from "../../../source/place.ts";
import { spelt } from "../../../source/spelt.ts";
import type { MeantGateway } from "../../expected/expected.ts";
import { sorted } from "../guards/known-policies.ts";
import { type Fields, fieldsAt, isFields, labelsAt, listAt, numberAt, textAt, textsAt } from "../manifests/manifest.ts";
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
export interface Stray {
  readonly why: string;
  readonly at: Path;
}

/** Collects what is other than meant. */
function strays() {
  const found: Stray[] = [];
  return { found, say: (why: string, ...at: Path) => void found.push({ why, at }) };
}

/** What of a gateway's pod is other than meant, below its spec. `accounts`: those of its namespace. */
export function strayPod({ spec, labels }: Pod, meant: MeantGateway, accounts: readonly string[]): readonly Stray[] {
  const { found, say } = strays();
  for (const key of SHARED) if (key in spec) say(`it sets \`${key}\``, key);
  for (const key of BESIDE) if (listAt(spec, key).length > 0) say(`it has \`${key}\``, key);
  if (listAt(spec, "containers").length !== 1) say("it is not one container", "containers");
  if (spec.automountServiceAccountToken !== false)
    say("it is given a token of the API server", "automountServiceAccountToken");
  const account = textAt(spec, "serviceAccountName") ?? "default";
  if (!accounts.includes(account)) say(`its account \`${account}\` is not written`, "serviceAccountName");
  const selector = labelsAt(spec, "nodeSelector");
  const label = Object.keys(meant.nodes).find((key) => selector[key] !== meant.nodes[key]);
  if (label !== undefined) say(`it is not kept to nodes with ${label}=${meant.nodes[label]}`, "nodeSelector", label);
  for (const [key, value] of Object.entries(meant.scheduling))
    if (!isSame(spec[key], value)) say(`its \`${key}\` are not those that are meant`, key);
  if (meant.members > 1 && !isApart(spec, labels, meant)) say("its members may run on one node", "affinity");
  return found;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function isApart(spec: Fields, labels: Pod["labels"], { topologyKey }: MeantGateway): boolean {
  const terms = listAt(spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  return terms.some((term) => {
    const own = Object.entries(labelsAt(term, "labelSelector", "matchLabels"));
    return (
      textAt(term, "topologyKey") === topologyKey &&
      own.length > 0 &&
      own.every(([key, value]) => labels[key] === value)
    );
  });
}

/** What its container may do, below the container: no more than its commands need, and no less. */
export function strayContainer(container: unknown, meant: MeantGateway): readonly Stray[] {
  const { found, say } = strays();
  const image = textAt(container, "image");
  if (image !== meant.image) say(`its image is ${image}, and ${meant.image} is meant`, "image");
  const unknown = Object.keys(isFields(container) ? container : {}).find((key) => !CONTAINER.includes(key));
  if (unknown !== undefined) say(`it sets \`${unknown}\` of its container`, unknown);
  const variables = listAt(container, "env").map((one) => textAt(one, "name"));
  const variable = variables.findIndex((name) => name !== "MEMBER");
  if (variable !== -1) say(`its commands are given \`${variables[variable]}\``, "env", variable);
  for (const kind of ["requests", "limits"]) {
    const [own, asked] = [fieldsAt(container, "resources", kind), fieldsAt(meant.resources, kind)];
    const key = Object.keys(asked).find((one) => spelt(own[one]) !== spelt(asked[one]));
    if (key !== undefined)
      say(`its ${kind} of ${key} are ${spelt(own[key])}, and ${spelt(asked[key])} is meant`, "resources", kind, key);
  }
  return [...found, ...strayRights(fieldsAt(container, "securityContext"), meant)];
}

function strayRights(context: Fields, meant: MeantGateway): readonly Stray[] {
  const { found, say } = strays();
  const own = "securityContext";
  const meantKeys = ["runAsUser", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities"];
  const other = Object.keys(context).find((key) => !meantKeys.includes(key));
  if (other !== undefined) say(`it sets \`${other}\` of its container`, own, other);
  if (numberAt(context, "runAsUser") !== 0) say("it is not root, which its commands need to be", own, "runAsUser");
  if (context.allowPrivilegeEscalation !== false) say("its commands may gain rights", own, "allowPrivilegeEscalation");
  if (context.readOnlyRootFilesystem !== true) say("its image can be written to", own, "readOnlyRootFilesystem");
  if (textsAt(context, "capabilities", "drop").join() !== "ALL")
    say("it keeps capabilities that it does not need", own, "capabilities", "drop");
  const given = textsAt(context, "capabilities", "add");
  const more = given.findIndex((one) => !meant.capabilities.includes(one));
  if (more !== -1) say(`it is given ${given[more]}, which it does not need`, own, "capabilities", "add", more);
  const less = meant.capabilities.find((one) => !given.includes(one));
  if (less !== undefined) say(`it lacks ${less}, which its commands need`, own, "capabilities", "add");
  return found;
}

/** What is mounted, below the pod's spec: read-only, and where its commands find the secrets that are meant. */
export function strayVolumes(
  spec: Fields,
  container: unknown,
  { secrets }: MeantGateway,
  files: readonly MountedFile[],
): readonly Stray[] {
  const { found, say } = strays();
  const bySecret = new Map<string, string>();
  const meant = new Set(secrets.map((one) => one.secret));
  const listed = listAt(spec, "volumes");
  const volumes = new Map(listed.map((one) => [textAt(one, "name"), one]));
  for (const [index, volume] of listed.entries()) {
    const kinds = Object.keys(isFields(volume) ? volume : {}).filter((key) => key !== "name");
    const kind = kinds[0] ?? "";
    const secret = textAt(volume, "secret", "secretName");
    const strange = kinds.length !== 1 || !["configMap", "secret", "emptyDir"].includes(kind);
    const name = textAt(volume, "name");
    const at = ["volumes", index] as const;
    if (strange) say(`its volume \`${name}\` is a \`${kinds.join(" and ")}\``, ...at);
    else if (kind === "secret" && !meant.has(secret ?? ""))
      say(`it mounts the secret \`${secret}\``, ...at, "secret", "secretName");
    if (kind !== "emptyDir" && numberAt(volume, kind, "defaultMode") !== 0o400)
      say(`others may read its volume \`${name}\``, ...at, kind, "defaultMode");
  }
  for (const [index, mount] of listAt(container, "volumeMounts").entries()) {
    const volume = volumes.get(textAt(mount, "name"));
    const secret = textAt(volume, "secret", "secretName");
    const at = ["containers", 0, "volumeMounts", index] as const;
    if (!volume) say(`it mounts \`${textAt(mount, "name")}\`, which is no volume of its`, ...at, "name");
    else if (!("emptyDir" in (volume as object)) && (mount as Fields).readOnly !== true)
      say(`it may write to \`${textAt(mount, "mountPath")}\``, ...at, "readOnly");
    if (secret !== undefined) bySecret.set(secret, textAt(mount, "mountPath") ?? "");
  }
  if (!listed.some((one) => isFields(one) && "emptyDir" in one && mountedAt(container, one) === "/run"))
    say("it has no place of its own at /run", "containers", 0, "volumeMounts", "/run");
  for (const { secret, key, use } of secrets) {
    const path = `${use}${bySecret.get(secret)}/${key}`;
    const index = listed.findIndex((one) => textAt(one, "secret", "secretName") === secret);
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
  const mount = listAt(container, "volumeMounts").find((one) => textAt(one, "name") === volume.name);
  return textAt(mount, "mountPath");
}
