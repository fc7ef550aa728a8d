import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { KubeObject } from "./manifests.ts";

/** A party of an expectation: `namespace/workload`, `host:name`, or with `*` for any run of characters. */
export type PartyPattern = string;

/** `tcp/8443`, `udp/53`, `icmp`, or `*` for everything probed. */
export type PortPattern = string;

/** One thing that must work. What no entry allows must fail. */
export interface AllowedFlow {
  readonly from: PartyPattern | readonly PartyPattern[];
  readonly to: PartyPattern | readonly PartyPattern[];
  /** `eth0`, or a name of `networks`: where the destination address lies. */
  readonly on: string | readonly string[];
  readonly ports: readonly PortPattern[];
  /** The source address that the far side sees where it is not the sender's own: blocks. */
  readonly seenAs?: readonly string[];
}

export interface HostExpectation {
  readonly name: string;
  /** The VLAN's link it is plugged beside; absent: a machine beyond the node's uplink. */
  readonly link?: string;
  readonly addresses: readonly string[];
  readonly routes?: readonly { readonly to: string; readonly via?: string }[];
  /** Answers names as a resolver. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface ExtraPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly names?: Readonly<Record<string, string>>;
}

/** An active/standby pair and a flow that needs it. */
export interface PairExpectation {
  readonly name: string;
  readonly namespace: string;
  readonly members: readonly string[];
  readonly flow: { readonly from: string; readonly to: string; readonly on: string; readonly port: string };
  /** The ConfigMap and key that hold the ruleset, for the test that breaks it. */
  readonly rules: { readonly configMap: string; readonly key: string };
  /** Its members load changed rules without being restarted. */
  readonly reloads?: boolean;
}

export interface TunnelExpectation {
  readonly name: string;
  readonly namespace: string;
  readonly gateway: string;
  readonly interface: string;
  readonly clients: readonly string[];
  readonly destinations: readonly string[];
  /** Where inside the destination a server answers, and on which ports. */
  readonly server: { readonly address: string; readonly port: string; readonly closed?: string };
  readonly endpoint: string;
  readonly endpointPort: number;
  readonly tunnelAddresses: readonly string[];
  readonly mtu: number;
  /** Where the keys are looked for: Secrets of the tunnel's namespace. */
  readonly privateKey: { readonly secret: string; readonly key: string };
  readonly presharedKey?: { readonly secret: string; readonly key: string };
  readonly resolver?: { readonly address: string; readonly name: string; readonly answer: string };
}

/** What packets may do in one example: written by hand, from the intents, never from the compiler's output. */
export interface Expectations {
  readonly example: string;
  readonly cluster: string;
  readonly out: string;
  /** The folder of the project that it was compiled from; absent: written by hand, and nothing for the model to read. */
  readonly project?: string;
  readonly workloads: string;
  readonly workloadNamespaces?: Readonly<Record<string, string>>;
  readonly platform: {
    readonly podCidrs: readonly string[];
    readonly mtu: number;
    /** Multus refuses networks of other namespaces. */
    readonly namespaceIsolation: boolean;
    readonly multiPolicy: {
      readonly plugins: readonly string[];
      readonly acceptIcmp: boolean;
      readonly acceptIcmp6: boolean;
    };
    readonly adminTier: boolean;
  };
  /** Who may write networks (one of the platform's `appliers`), and which namespaces the guards are about. */
  readonly admission?: {
    readonly applier: string;
    readonly zoneNamespaces: readonly string[];
    readonly gatewayNamespaces: readonly string[];
    readonly outsideNamespace: string;
  };
  /** The expectation file of another cluster on the same links, and what may pass between the two. */
  readonly beside?: string;
  readonly across?: readonly AllowedFlow[];
  /** OVN serves networks of the example: the interface of the nodes behind each of its physical networks. */
  readonly ovn?: { readonly physicalNetworks: Readonly<Record<string, string>> };
  /** Only looked at together with its neighbour. */
  readonly acrossOnly?: boolean;
  /** The example that the mutations are made to. */
  readonly mutate?: boolean;
  readonly replicas: number;
  readonly links: readonly { readonly name: string; readonly mtu: number; readonly bridge?: string }[];
  readonly networks: Readonly<Record<string, readonly string[]>>;
  readonly extraPods: readonly ExtraPod[];
  /** Objects that stand in the cluster already: networks that workloads of the example use. */
  readonly extraObjects: readonly KubeObject[];
  readonly hosts: readonly HostExpectation[];
  readonly probe: readonly string[];
  readonly allow: readonly AllowedFlow[];
  readonly pairs: readonly PairExpectation[];
  readonly tunnels: readonly TunnelExpectation[];
}

/** Reads an expectation file; missing lists are empty ones. */
export function readExpectations(file: string): Expectations {
  const written = parse(readFileSync(file, "utf8")) as Partial<Expectations>;
  const lists = {
    extraPods: [],
    extraObjects: [],
    hosts: [],
    allow: [],
    pairs: [],
    tunnels: [],
    links: [],
    probe: [],
    networks: {},
    replicas: 2,
  };
  return { ...lists, ...written } as Expectations;
}

/** Whether a pattern with `*` covers the whole text. */
export function covers(pattern: string, text: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(text);
}

/** One or several, as a list. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
