import { at, type KubeObject, type ManifestSet, podTemplate } from "./manifests.ts";

/** A copy of a set in which some object was changed; undefined where there was nothing to change. */
export type Edit = (set: ManifestSet) => ManifestSet | undefined;

/** Which objects an edit is about. */
export type Which = (object: KubeObject) => boolean;

export interface Plugin {
  type: string;
  master?: string;
  bridge?: string;
  sysctl?: Record<string, string>;
  mtu?: number;
  ipam?: {
    type: string;
    range?: string;
    range_start?: string;
    range_end?: string;
    ipRanges?: { range: string; range_start?: string; range_end?: string }[];
    addresses?: { address: string }[];
    routes?: { dst: string; gw?: string }[];
  };
  [key: string]: unknown;
}

const networksKey = "k8s.v1.cni.cncf.io/networks";

/** Changes the objects that `which` picks; the change says whether it changed anything. */
export function editObjects(which: Which, change: (object: KubeObject) => boolean): Edit {
  return (set) => {
    const copy = structuredClone({ objects: [...set.objects], workloads: [...set.workloads] });
    const changed = [...copy.objects, ...copy.workloads].filter(which).map(change);
    return changed.some(Boolean) ? copy : undefined;
  };
}

/** Leaves out the objects that `which` picks. */
export function dropObjects(which: Which): Edit {
  return (set) => {
    const objects = set.objects.filter((object) => !which(object));
    return objects.length === set.objects.length ? undefined : { ...set, objects };
  };
}

/** Several edits as one; each must find something to change. */
export function all(...edits: readonly Edit[]): Edit {
  return (set) => edits.reduce<ManifestSet | undefined>((current, edit) => current && edit(current), set);
}

/** Changes the plugins of networks. */
export function editNetworks(which: Which, change: (plugin: Plugin) => boolean): Edit {
  const isNetwork = (object: KubeObject) => object.kind === "NetworkAttachmentDefinition" && which(object);
  return editObjects(isNetwork, (object) => {
    const spec = object.spec as { config: string };
    const config = JSON.parse(spec.config) as { plugins?: Plugin[] } & Plugin;
    const changed = (config.plugins ?? [config]).map(change).some(Boolean);
    spec.config = JSON.stringify(config);
    return changed;
  });
}

/** Replaces text in every value of ConfigMaps. */
export function editTexts(which: Which, pattern: RegExp, replacement: string): Edit {
  return editObjects(
    (object) => object.kind === "ConfigMap" && which(object),
    (object) => {
      const data = (object.data ?? {}) as Record<string, string>;
      const entries = Object.entries(data).map(([key, text]) => [key, text.replace(pattern, replacement)] as const);
      const changed = entries.some(([key, text]) => data[key] !== text);
      object.data = Object.fromEntries(entries);
      return changed;
    },
  );
}

/** Changes the networks annotation of pod templates, as text. */
export function editAnnotation(which: Which, change: (value: string) => string): Edit {
  return editObjects(which, (object) => {
    const annotations = podTemplate(object)?.metadata?.annotations;
    const value = annotations?.[networksKey];
    if (!annotations || value === undefined) return false;
    annotations[networksKey] = change(value);
    return annotations[networksKey] !== value;
  });
}

/** Removes a capability from every container of pod templates. */
export function dropCapability(which: Which, name: string): Edit {
  return editObjects(which, (object) => {
    const containers = (at(podTemplate(object), "spec", "containers") as unknown[] | undefined) ?? [];
    return containers
      .map((container) => {
        const set = at(container, "securityContext", "capabilities") as { add?: string[] } | undefined;
        const before = set?.add?.length ?? 0;
        if (set?.add) set.add = set.add.filter((entry) => entry !== name);
        return (set?.add?.length ?? 0) !== before;
      })
      .some(Boolean);
  });
}
