import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { at, type KubeObject } from "./manifests.ts";
import { attempt, start } from "./shell.ts";

/** A running container of a pod. */
export interface Container {
  readonly name: string;
  /** The process identifier, outside, of the container's process 1; undefined once it has ended. */
  pid(): number | undefined;
  /** Runs a command in it, as an exec probe does. */
  exec(command: readonly string[]): Promise<number | null>;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  log(): string;
  readonly spec: ContainerSpec;
}

interface ContainerSpec {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly securityContext?: {
    readonly runAsUser?: number;
    readonly privileged?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
  }[];
  readonly readinessProbe?: { readonly exec?: { readonly command: readonly string[] } };
  readonly livenessProbe?: { readonly exec?: { readonly command: readonly string[] } };
  readonly startupProbe?: { readonly exec?: { readonly command: readonly string[] } };
}

export interface PodForContainers {
  readonly namespace: string;
  readonly name: string;
  readonly netns: string;
  readonly template: KubeObject;
  readonly addresses: readonly string[];
}

const script = join(dirname(fileURLToPath(import.meta.url)), "inside/container.sh");

/** What a container gets where its securityContext drops nothing: the runtime's usual set. */
const usual = [
  "chown",
  "dac_override",
  "fowner",
  "fsetid",
  "kill",
  "setgid",
  "setuid",
  "setpcap",
  "net_bind_service",
  "net_raw",
  "sys_chroot",
  "mknod",
  "audit_write",
  "setfcap",
];

/** Starts init containers one after another, then the others; throws where an init container fails. */
export async function startContainers(pod: PodForContainers, folder: string, data: VolumeData): Promise<Container[]> {
  const spec = pod.template.spec as Record<string, unknown>;
  const volumes = writeVolumes(pod, folder, data);
  for (const init of (spec.initContainers as ContainerSpec[] | undefined) ?? []) {
    const code = await launch(pod, init, folder, volumes).ended;
    const log = readFileSync(join(folder, `${init.name}.log`), "utf8");
    if (code !== 0) throw new Error(`init container ${init.name} of ${pod.name}: exit ${code}: ${log}`);
  }
  return ((spec.containers as ContainerSpec[] | undefined) ?? []).map((c) => launch(pod, c, folder, volumes).container);
}

function launch(pod: PodForContainers, spec: ContainerSpec, folder: string, volumes: ReadonlyMap<string, string>) {
  const root = join(folder, `root-${spec.name}`);
  const log = join(folder, `${spec.name}.log`);
  mkdirSync(root, { recursive: true });
  const context = spec.securityContext ?? {};
  const mounts = (spec.volumeMounts ?? []).map((mount) => {
    const source = volumes.get(mount.name);
    if (source === undefined) throw new Error(`${pod.name}: no volume ${mount.name}`);
    const from = mount.subPath ? join(source, mount.subPath) : source;
    return `${from}:${mount.mountPath}:${mount.readOnly ? "ro" : "rw"}`;
  });
  const command = [...(spec.command ?? []), ...(spec.args ?? [])];
  const args = [
    root,
    `${context.runAsUser ?? 0}`,
    capabilitiesOf(context),
    `${context.readOnlyRootFilesystem === true}`,
    "true",
    ...mounts,
    "--",
  ];
  const environment = ["env", ...(spec.env ?? []).map((e) => `${e.name}=${e.value ?? fieldOf(pod, e.valueFrom)}`)];
  const child = start(
    "nsenter",
    [
      `--net=/run/netns/${pod.netns}`,
      "unshare",
      "--mount",
      "--pid",
      "--uts",
      "--ipc",
      "--fork",
      "--kill-child",
      "bash",
      script,
      ...args,
      ...environment,
      ...command,
    ],
    log,
  );
  let code: number | null | undefined;
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (value) => {
      code = value;
      resolve(value);
    });
  });
  const pid = () => (code === undefined ? innerPid(child) : undefined);
  const container: Container = {
    name: spec.name,
    spec,
    pid,
    exec: async (probe) => {
      const inner = pid();
      if (inner === undefined) return null;
      return (await attempt("nsenter", ["-t", `${inner}`, "-m", "-n", "-p", "-r", "-w", ...probe], { timeout: 5000 }))
        .code;
    },
    kill: (signal) => {
      const inner = pid();
      if (inner !== undefined) process.kill(inner, signal);
    },
    log: () => (existsSync(log) ? readFileSync(log, "utf8") : ""),
  };
  return { container, ended };
}

/** Process 1 of the container: the only child of the `unshare` that nsenter became. */
function innerPid(child: ChildProcess): number | undefined {
  try {
    const text = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
    return text === "" ? undefined : Number(text.split(" ")[0]);
  } catch {
    return undefined;
  }
}

function capabilitiesOf(context: NonNullable<ContainerSpec["securityContext"]>): string {
  if (context.privileged) return "PRIVILEGED";
  const lower = (names: readonly string[] = []) => names.map((name) => name.toLowerCase());
  const drop = lower(context.capabilities?.drop);
  const kept = drop.includes("all") ? [] : usual.filter((name) => !drop.includes(name));
  return ["-all", ...[...kept, ...lower(context.capabilities?.add)].map((name) => `+${name}`)].join(",");
}

function fieldOf(pod: PodForContainers, from: unknown): string {
  const path = at(from, "fieldRef", "fieldPath");
  if (path === "metadata.name") return pod.name;
  if (path === "metadata.namespace") return pod.namespace;
  if (path === "status.podIP") return pod.addresses[0] ?? "";
  throw new Error(`${pod.name}: the suite's kubelet has no ${JSON.stringify(from)}`);
}

/** What ConfigMap and Secret volumes hold: `ConfigMap/namespace/name` or `Secret/namespace/name` to keys and texts. */
export type VolumeData = ReadonlyMap<string, Readonly<Record<string, string>>>;

interface VolumeSource {
  readonly name?: string;
  readonly secretName?: string;
  readonly defaultMode?: number;
  readonly optional?: boolean;
  readonly items?: readonly { readonly key: string; readonly path: string; readonly mode?: number }[];
}

function writeVolumes(pod: PodForContainers, folder: string, data: VolumeData): Map<string, string> {
  const folders = new Map<string, string>();
  const list = (at(pod.template, "spec", "volumes") as Record<string, unknown>[] | undefined) ?? [];
  for (const volume of list) {
    const path = join(folder, `volume-${volume.name}`);
    mkdirSync(path, { recursive: true });
    folders.set(String(volume.name), path);
    for (const [key, kind] of [
      ["configMap", "ConfigMap"],
      ["secret", "Secret"],
    ] as const) {
      const source = volume[key] as VolumeSource | undefined;
      if (source) writeKeys(path, kind, pod, source, data);
    }
  }
  return folders;
}

/** Writes the keys as the kubelet does: a folder of its own, and a link swapped in one step. */
function writeKeys(path: string, kind: string, pod: PodForContainers, source: VolumeSource, data: VolumeData): void {
  const id = `${kind}/${pod.namespace}/${source.name ?? source.secretName}`;
  const values = data.get(id);
  if (!values) {
    if (source.optional) return;
    throw new Error(`${pod.namespace}/${pod.name} waits for ever: there is no ${id}`);
  }
  const items = source.items ?? Object.keys(values).map((key) => ({ key, path: key, mode: undefined }));
  const stamp = `..${process.hrtime.bigint()}`;
  mkdirSync(join(path, stamp));
  for (const item of items) {
    const text = values[item.key];
    if (text === undefined)
      throw new Error(`${pod.namespace}/${pod.name} waits for ever: ${id} has no key ${item.key}`);
    writeFileSync(join(path, stamp, item.path), text);
    chmodSync(join(path, stamp, item.path), item.mode ?? source.defaultMode ?? 0o644);
    if (!existsSync(join(path, item.path))) symlinkSync(join("..data", item.path), join(path, item.path));
  }
  symlinkSync(stamp, join(path, "..next"));
  renameSync(join(path, "..next"), join(path, "..data"));
}

/** Writes the pod's ConfigMap volumes anew, as the kubelet does some time after a ConfigMap changed. */
export function refreshVolumes(pod: PodForContainers, folder: string, data: VolumeData): void {
  writeVolumes(pod, folder, data);
}
