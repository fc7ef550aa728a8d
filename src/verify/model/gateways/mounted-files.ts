import type { Place } from "../../../source/place.ts";
import {
  isFields,
  locateInManifest,
  type ReadManifest,
  readFields,
  readList,
  readText,
  readTexts,
} from "../manifests/manifest.ts";
import type { Pod } from "../pods/pod.ts";

/** A file that a container sees, from a ConfigMap. */
export interface MountedFile {
  readonly path: string;
  readonly text: string;
  readonly configMap: ReadManifest;
  readonly place: Place;
}

/** What a container runs and the files it has. */
export interface ContainerView {
  readonly name: string;
  readonly command: readonly string[];
  readonly files: ReadonlyMap<string, MountedFile>;
}

/** The containers of a pod, init containers first, since they run first. */
export function readContainers(pod: Pod, configMaps: ReadonlyMap<string, ReadManifest>): readonly ContainerView[] {
  const all = [...readList(pod.spec, "initContainers"), ...readList(pod.spec, "containers")];
  return all.map((container) => ({
    name: readText(container, "name") ?? "",
    command: [...readTexts(container, "command"), ...readTexts(container, "args")],
    files: filesOf(container, pod, configMaps),
  }));
}

function filesOf(
  container: unknown,
  pod: Pod,
  configMaps: ReadonlyMap<string, ReadManifest>,
): ReadonlyMap<string, MountedFile> {
  const files = new Map<string, MountedFile>();
  const volumes = new Map(readList(pod.spec, "volumes").map((volume) => [readText(volume, "name"), volume]));
  for (const mount of readList(container, "volumeMounts")) {
    const sources = sourcesOf(volumes.get(readText(mount, "name")));
    const base = readText(mount, "mountPath") ?? "";
    for (const source of sources) {
      const configMap = configMaps.get(`${pod.namespace}/${readText(source, "name")}`);
      if (!configMap) continue;
      const subPath = readText(mount, "subPath");
      for (const { key, name } of keysOf(source, configMap)) {
        if (subPath !== undefined && subPath !== name) continue;
        const path = subPath === undefined ? `${base.replace(/\/$/, "")}/${name}` : base;
        const text = readText(configMap.value, "data", key) ?? "";
        files.set(path, { path, text, configMap, place: locateInManifest(configMap, "data", key) });
      }
    }
  }
  return files;
}

function sourcesOf(volume: unknown): readonly object[] {
  const projected = readList(volume, "projected", "sources").map((source) => readFields(source, "configMap"));
  const own = readFields(volume, "configMap");
  return [own, ...projected].filter(isFields).filter((source) => "name" in source);
}

function keysOf(source: object, configMap: ReadManifest): readonly { key: string; name: string }[] {
  const items = readList(source, "items");
  if (items.length === 0) return Object.keys(readFields(configMap.value, "data")).map((key) => ({ key, name: key }));
  return items.map((item) => ({ key: readText(item, "key") ?? "", name: readText(item, "path") ?? "" }));
}
