import type { Place } from "../../../source/place.ts";
import { fieldsAt, isFields, listAt, type Manifest, placeIn, textAt, textsAt } from "../manifests/manifest.ts";
import type { Pod } from "../pods/pod.ts";

/** A file that a container sees, from a ConfigMap. */
export interface MountedFile {
  readonly path: string;
  readonly text: string;
  readonly configMap: Manifest;
  readonly place: Place;
}

/** What a container runs and the files it has. */
export interface ContainerView {
  readonly name: string;
  readonly command: readonly string[];
  readonly files: ReadonlyMap<string, MountedFile>;
}

/** The containers of a pod, init containers first, since they run first. */
export function containersOf(pod: Pod, configMaps: ReadonlyMap<string, Manifest>): readonly ContainerView[] {
  const all = [...listAt(pod.spec, "initContainers"), ...listAt(pod.spec, "containers")];
  return all.map((container) => ({
    name: textAt(container, "name") ?? "",
    command: [...textsAt(container, "command"), ...textsAt(container, "args")],
    files: filesOf(container, pod, configMaps),
  }));
}

function filesOf(
  container: unknown,
  pod: Pod,
  configMaps: ReadonlyMap<string, Manifest>,
): ReadonlyMap<string, MountedFile> {
  const files = new Map<string, MountedFile>();
  const volumes = new Map(listAt(pod.spec, "volumes").map((volume) => [textAt(volume, "name"), volume]));
  for (const mount of listAt(container, "volumeMounts")) {
    const sources = sourcesOf(volumes.get(textAt(mount, "name")));
    const base = textAt(mount, "mountPath") ?? "";
    for (const source of sources) {
      const configMap = configMaps.get(`${pod.namespace}/${textAt(source, "name")}`);
      if (!configMap) continue;
      const subPath = textAt(mount, "subPath");
      for (const { key, name } of keysOf(source, configMap)) {
        if (subPath !== undefined && subPath !== name) continue;
        const path = subPath === undefined ? `${base.replace(/\/$/, "")}/${name}` : base;
        const text = textAt(configMap.value, "data", key) ?? "";
        files.set(path, { path, text, configMap, place: placeIn(configMap, "data", key) });
      }
    }
  }
  return files;
}

function sourcesOf(volume: unknown): readonly object[] {
  const projected = listAt(volume, "projected", "sources").map((source) => fieldsAt(source, "configMap"));
  const own = fieldsAt(volume, "configMap");
  return [own, ...projected].filter(isFields).filter((source) => "name" in source);
}

function keysOf(source: object, configMap: Manifest): readonly { key: string; name: string }[] {
  const items = listAt(source, "items");
  if (items.length === 0) return Object.keys(fieldsAt(configMap.value, "data")).map((key) => ({ key, name: key }));
  return items.map((item) => ({ key: textAt(item, "key") ?? "", name: textAt(item, "path") ?? "" }));
}
