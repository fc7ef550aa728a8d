import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiServer } from "./apiserver.ts";
import { attempt } from "./shell.ts";

/** The real Multus thin plugin, configured for one node. */
export interface Multus {
  /** Runs ADD for a pod's namespace; the refusal is Multus's own words, empty where it succeeded. */
  add(pod: PodIdentity): Promise<{ refusal: string; result: unknown }>;
  remove(pod: PodIdentity): Promise<string>;
}

export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly netns: string;
}

export interface DefaultNetwork {
  /** Blocks that pods get eth0 addresses from, one per family. */
  readonly cidrs: readonly string[];
  readonly mtu: number;
  readonly namespaceIsolation: boolean;
  /** Folder of the OVN node whose ports pods are put on, where there is one. */
  readonly ovn?: string;
}

/**
 * Writes the configuration under `folder` and returns the plugin. The default network is the `ptp` plugin with host-local:
 * every pod has a routed link of its own to the node, as with Calico, where the node's nftables can judge each packet.
 */
export function makeMultus(
  bin: string,
  folder: string,
  server: ApiServer,
  scripts: { readonly whereabouts: string; readonly ovn: string },
  network: DefaultNetwork,
): Multus {
  const plugins = join(folder, "bin");
  mkdirSync(join(folder, "conf"), { recursive: true });
  if (!existsSync(plugins)) {
    mkdirSync(plugins);
    for (const name of readdirSync(bin)) symlinkSync(join(bin, name), join(plugins, name));
    for (const [name, script] of [
      ["whereabouts", scripts.whereabouts],
      ["ovn-k8s-cni-overlay", scripts.ovn],
    ] as const)
      writeFileSync(join(plugins, name), `#!/bin/sh\nexec ${process.execPath} ${script}\n`, { mode: 0o755 });
  }
  writeFileSync(join(folder, "conf/10-default.conflist"), JSON.stringify(defaultNetwork(folder, network)));
  const conf = JSON.stringify({
    cniVersion: "1.0.0",
    name: "multus",
    type: "multus",
    kubeconfig: server.kubeconfig,
    clusterNetwork: join(folder, "conf/10-default.conflist"),
    confDir: join(folder, "conf"),
    cniDir: join(folder, "cache"),
    binDir: plugins,
    namespaceIsolation: network.namespaceIsolation,
  });
  const call = (command: string, pod: PodIdentity) =>
    attempt(join(bin, "multus"), [], {
      input: conf,
      env: environment(command, pod, plugins, folder, network),
      timeout: 30_000,
    });
  return {
    add: async (pod) => {
      const outcome = await call("ADD", pod);
      if (outcome.code === 0) return { refusal: "", result: JSON.parse(outcome.stdout) as unknown };
      return { refusal: wordsOf(outcome.stdout) || outcome.stderr || `exit ${outcome.code}`, result: undefined };
    },
    remove: async (pod) => {
      const outcome = await call("DEL", pod);
      return outcome.code === 0 ? "" : wordsOf(outcome.stdout) || outcome.stderr;
    },
  };
}

function environment(
  command: string,
  pod: PodIdentity,
  plugins: string,
  folder: string,
  network: DefaultNetwork,
): Record<string, string> {
  const args = [
    "IgnoreUnknown=true",
    `K8S_POD_NAMESPACE=${pod.namespace}`,
    `K8S_POD_NAME=${pod.name}`,
    `K8S_POD_INFRA_CONTAINER_ID=${pod.netns}`,
    `K8S_POD_UID=${pod.uid}`,
  ];
  return {
    CNI_COMMAND: command,
    CNI_CONTAINERID: pod.netns,
    CNI_NETNS: `/run/netns/${pod.netns}`,
    CNI_IFNAME: "eth0",
    CNI_PATH: plugins,
    CNI_ARGS: args.join(";"),
    PLB_IPAM_DIR: join(folder, "whereabouts"),
    PLB_OVN_DIR: network.ovn ?? "",
    PLB_POD_CIDRS: network.cidrs.join(","),
  };
}

function defaultNetwork(folder: string, network: DefaultNetwork): unknown {
  const six = network.cidrs.some((cidr) => cidr.includes(":"));
  const ipam = {
    type: "host-local",
    dataDir: join(folder, "host-local"),
    ranges: network.cidrs.map((subnet) => [{ subnet }]),
    routes: [{ dst: "0.0.0.0/0" }, ...(six ? [{ dst: "::/0" }] : [])],
  };
  const plugins = [{ type: "ptp", mtu: network.mtu, ipam }];
  return { cniVersion: "1.0.0", name: "default-network", plugins };
}

function wordsOf(stdout: string): string {
  try {
    const error = JSON.parse(stdout) as { msg?: string; details?: string };
    return [error.msg, error.details].filter(Boolean).join(": ");
  } catch {
    return stdout.trim();
  }
}
