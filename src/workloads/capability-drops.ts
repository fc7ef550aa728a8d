import type { Workload } from "../ir/workload.ts";
import type { NodePlace, Path } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";

/** Lists of a pod's spec whose containers come with the pod. */
export const CONTAINER_LISTS = ["initContainers", "containers"] as const;

/** A container and what it drops, as its manifest has it. */
export interface ContainerDrop {
  readonly list: (typeof CONTAINER_LISTS)[number];
  readonly name: string;
  readonly index: number;
  readonly drop: readonly string[];
  /** Whether what it drops holds NET_RAW. Container runtimes give that to every container which does not drop it. */
  readonly dropsRaw: boolean;
  readonly place: NodePlace;
}

/** The containers of a workload in the order of its manifest. Those of a virtual machine are KubeVirt's. */
export function readCapabilityDrops({ doc, templatePath }: Workload): readonly ContainerDrop[] {
  return CONTAINER_LISTS.flatMap((list) => {
    const containers = findValue(doc.value, [...templatePath, "spec", list]);
    if (!Array.isArray(containers)) return [];
    return containers.flatMap((container, index) => {
      const name = findValue(container, ["name"]);
      if (typeof name !== "string") return [];
      const dropped = findValue(container, ["securityContext", "capabilities", "drop"]);
      const drop = Array.isArray(dropped) ? dropped.filter(isCapability) : [];
      const path: Path = [...templatePath, "spec", list, index, "name"];
      const dropsRaw = drop.some((one) => one === "ALL" || one === "NET_RAW");
      return [{ list, name, index, drop, dropsRaw, place: { doc, path, on: "value" } }];
    });
  });
}

/** Other texts are no capabilities of Linux: the API server takes them, and no runtime knows them. */
function isCapability(value: unknown): value is string {
  return typeof value === "string" && /^[A-Z][A-Z0-9_]*$/.test(value);
}
