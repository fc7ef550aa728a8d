import { readList, readText } from "../manifests/manifest.ts";
import type { Interface } from "./node.ts";
import type { Pod } from "./pod.ts";

/** What a pod sets for its own network by `securityContext.sysctls`. */
export interface PodSysctls {
  readonly forwards4: boolean;
  readonly forwards6: boolean;
  /** For every interface. */
  readonly reversePath: Interface["reversePath"];
}

const FORWARDS4 = /^net\.ipv4\.(ip_forward|conf\.[^.]+\.(mc_)?forwarding)$/;
const FORWARDS6 = /^net\.ipv6\.conf\.[^.]+\.(mc_)?forwarding$/;

/** The kubelet passes on what it is told to allow (`allowedUnsafeSysctls`), which no manifest shows: all count. */
export function readPodSysctls({ spec }: Pod): PodSysctls {
  const values = new Map<string, string>();
  for (const one of readList(spec, "securityContext", "sysctls"))
    values.set(dotted(readText(one, "name") ?? ""), readText(one, "value") ?? "");
  const on = (pattern: RegExp) => [...values].some(([name, value]) => pattern.test(name) && isEnabled(value));
  const strictness = Number(values.get("net.ipv4.conf.all.rp_filter") ?? "0");
  return {
    forwards4: on(FORWARDS4),
    forwards6: on(FORWARDS6),
    reversePath: strictness === 1 || strictness === 2 ? strictness : 0,
  };
}

/** Kubernetes takes `net/ipv4/ip_forward` too: the separator that comes first counts, and the other one stands for it. */
function dotted(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === "/" ? name.replace(/[./]/g, (one) => (one === "/" ? "." : "/")) : name;
}

/** Whatever the kernel reads as another number than nought. */
export function isEnabled(value: string): boolean {
  return !/^\s*[+-]?(0x)?0*\s*$/i.test(value);
}
