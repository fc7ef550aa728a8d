import { sorted } from "../guards/known-policies.ts";
import type { MeantGateway } from "../input.ts";
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

/** What of a gateway's pod is other than meant. `accounts`: those of its namespace. */
export function strayPod({ spec, labels }: Pod, meant: MeantGateway, accounts: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const key of SHARED) if (key in spec) found.push(`it sets \`${key}\``);
  for (const key of BESIDE) if (listAt(spec, key).length > 0) found.push(`it has \`${key}\``);
  if (listAt(spec, "containers").length !== 1) found.push("it is not one container");
  if (spec.automountServiceAccountToken !== false) found.push("it is given a token of the API server");
  const account = textAt(spec, "serviceAccountName") ?? "default";
  if (!accounts.includes(account)) found.push(`its account \`${account}\` is not written`);
  const selector = labelsAt(spec, "nodeSelector");
  const label = Object.keys(meant.nodes).find((key) => selector[key] !== meant.nodes[key]);
  if (label !== undefined) found.push(`it is not kept to nodes with ${label}=${meant.nodes[label]}`);
  for (const [key, value] of Object.entries(meant.scheduling))
    if (!isSame(spec[key], value)) found.push(`its \`${key}\` are not those that are meant`);
  if (meant.members > 1 && !isApart(spec, labels, meant)) found.push("its members may run on one node");
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

/** What its container may do: no more than its commands need, and no less. */
export function strayContainer(container: unknown, meant: MeantGateway): readonly string[] {
  const found: string[] = [];
  const image = textAt(container, "image");
  if (image !== meant.image) found.push(`its image is ${image}, and ${meant.image} is meant`);
  const unknown = Object.keys(isFields(container) ? container : {}).find((key) => !CONTAINER.includes(key));
  if (unknown !== undefined) found.push(`it sets \`${unknown}\` of its container`);
  const variable = listAt(container, "env").find((one) => textAt(one, "name") !== "MEMBER");
  if (variable) found.push(`its commands are given \`${textAt(variable, "name")}\``);
  const context = fieldsAt(container, "securityContext");
  const meantKeys = ["runAsUser", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities"];
  const other = Object.keys(context).find((key) => !meantKeys.includes(key));
  if (other !== undefined) found.push(`it sets \`${other}\` of its container`);
  if (numberAt(context, "runAsUser") !== 0) found.push("it is not root, which its commands need to be");
  if (context.allowPrivilegeEscalation !== false) found.push("its commands may gain rights");
  if (context.readOnlyRootFilesystem !== true) found.push("its image can be written to");
  if (textsAt(context, "capabilities", "drop").join() !== "ALL")
    found.push("it keeps capabilities that it does not need");
  for (const kind of ["requests", "limits"]) {
    const [own, asked] = [fieldsAt(container, "resources", kind), fieldsAt(meant.resources, kind)];
    const key = Object.keys(asked).find((one) => String(own[one]) !== String(asked[one]));
    if (key !== undefined) found.push(`its ${kind} of ${key} are ${own[key]}, and ${asked[key]} is meant`);
  }
  const given = textsAt(context, "capabilities", "add");
  const more = given.find((one) => !meant.capabilities.includes(one));
  if (more !== undefined) found.push(`it is given ${more}, which it does not need`);
  const less = meant.capabilities.find((one) => !given.includes(one));
  if (less !== undefined) found.push(`it lacks ${less}, which its commands need`);
  return found;
}

/** What is mounted, read-only, and where its commands find the secrets that are meant. */
export function strayVolumes(
  spec: Fields,
  container: unknown,
  { secrets }: MeantGateway,
  files: readonly MountedFile[],
): readonly string[] {
  const found: string[] = [];
  const bySecret = new Map<string, string>();
  const meant = new Set(secrets.map((one) => one.secret));
  const volumes = new Map(listAt(spec, "volumes").map((one) => [textAt(one, "name"), one]));
  for (const volume of volumes.values()) {
    const kinds = Object.keys(isFields(volume) ? volume : {}).filter((key) => key !== "name");
    const kind = kinds[0] ?? "";
    const secret = textAt(volume, "secret", "secretName");
    const strange = kinds.length !== 1 || !["configMap", "secret", "emptyDir"].includes(kind);
    if (strange) found.push(`its volume \`${textAt(volume, "name")}\` is a \`${kinds.join(" and ")}\``);
    else if (kind === "secret" && !meant.has(secret ?? "")) found.push(`it mounts the secret \`${secret}\``);
    if (kind !== "emptyDir" && numberAt(volume, kind, "defaultMode") !== 0o400)
      found.push(`others may read its volume \`${textAt(volume, "name")}\``);
  }
  for (const mount of listAt(container, "volumeMounts")) {
    const volume = volumes.get(textAt(mount, "name"));
    const secret = textAt(volume, "secret", "secretName");
    if (!volume) found.push(`it mounts \`${textAt(mount, "name")}\`, which is no volume of its`);
    else if (!("emptyDir" in (volume as object)) && (mount as Fields).readOnly !== true)
      found.push(`it may write to \`${textAt(mount, "mountPath")}\``);
    if (secret !== undefined) bySecret.set(secret, textAt(mount, "mountPath") ?? "");
  }
  if (![...volumes.values()].some((one) => isFields(one) && "emptyDir" in one && mountedAt(container, one) === "/run"))
    found.push("it has no place of its own at /run");
  for (const { secret, key, use } of secrets) {
    const path = `${use}${bySecret.get(secret)}/${key}`;
    if (
      !files.some((file) =>
        file.text
          .split(path)
          .slice(1)
          .some((rest) => /^\s/.test(rest)),
      )
    )
      found.push(`its commands do not take up \`${secret}\``);
  }
  return found;
}

function mountedAt(container: unknown, volume: Fields): string | undefined {
  const mount = listAt(container, "volumeMounts").find((one) => textAt(one, "name") === volume.name);
  return textAt(mount, "mountPath");
}
