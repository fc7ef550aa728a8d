import { isFields, readText, readTexts } from "../manifests/manifest.ts";
import type { Pod } from "./pod.ts";

/**
 * The container of a pod that keeps NET_RAW: container runtimes give it to each one that does not drop it. A pod whose containers
 * nobody wrote has some all the same. Undefined: all drop it.
 */
export function findNetRawContainer({ spec }: Pod): string | undefined {
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((key) => {
    const list = spec[key];
    return Array.isArray(list) ? (list as readonly unknown[]) : [];
  });
  if (containers.length === 0) return "unknown";
  const keeping = containers.find((one) => !dropsRaw(one));
  return keeping === undefined ? undefined : (readText(keeping, "name") ?? "unknown");
}

function dropsRaw(container: unknown): boolean {
  if (!isFields(container)) return false;
  const rights = (key: string) =>
    readTexts(container, "securityContext", "capabilities", key).map((one) => one.toUpperCase().replace(/^CAP_/, ""));
  // Whatever is dropped, what is added comes on top.
  const added = rights("add").some((one) => one === "NET_RAW" || one === "ALL");
  return (
    !added &&
    readTexts(container, "securityContext", "capabilities", "drop").some((one) => one === "ALL" || one === "NET_RAW")
  );
}
