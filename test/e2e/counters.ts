import { run } from "./shell.ts";

/** Counts packets to some destinations that leave by the interfaces of a namespace. */
export interface Counters {
  /** Packets since the start, by interface. */
  read(): Promise<Record<string, number>>;
}

const table = "plb-count";

/** Counts at each interface's egress hook, after everything that the pod's own rules could have dropped. */
export async function countEgress(
  netns: string,
  interfaces: readonly string[],
  destinations: readonly string[],
): Promise<Counters> {
  const chains = interfaces.map(
    (name, index) =>
      `  chain e${index} {\n    type filter hook egress device "${name}" priority 0;\n${matches(destinations)
        .map((match) => `    ${match} counter\n`)
        .join("")}  }\n`,
  );
  const rules = `table netdev ${table}\ndelete table netdev ${table}\ntable netdev ${table} {\n${chains.join("")}}\n`;
  const inside = (args: readonly string[], input?: string) =>
    run("nsenter", [`--net=/run/netns/${netns}`, "nft", ...args], { input });
  await inside(["-f", "-"], rules);
  return {
    read: async () => {
      const text = await inside(["-j", "list", "table", "netdev", table]);
      return Object.fromEntries(interfaces.map((name, index) => [name, packetsOf(text, `e${index}`)]));
    },
  };
}

/** Counts what leaves the node itself (after every policy), to these destinations in clear text. */
export async function countNode(destinations: readonly string[]): Promise<Counters> {
  const rules = matches(destinations).map((match) => `    ${match} counter\n`);
  const text = `table inet ${table}\ndelete table inet ${table}\ntable inet ${table} {
  chain left {
    type filter hook postrouting priority 300; policy accept;
${rules.join("")}  }
}
`;
  await run("nft", ["-f", "-"], { input: text });
  return {
    read: async () => ({ node: packetsOf(await run("nft", ["-j", "list", "table", "inet", table]), "left") }),
  };
}

function matches(destinations: readonly string[]): string[] {
  return destinations.map((cidr) => `${cidr.includes(":") ? "ip6" : "ip"} daddr ${cidr}`);
}

function packetsOf(text: string, chain: string): number {
  const { nftables } = JSON.parse(text) as {
    nftables: { rule?: { chain: string; expr: { counter?: { packets: number } }[] } }[];
  };
  return nftables
    .filter((entry) => entry.rule?.chain === chain)
    .flatMap((entry) => entry.rule?.expr ?? [])
    .reduce((sum, expression) => sum + (expression.counter?.packets ?? 0), 0);
}

/** Cuts a pod off on these interfaces, as the loss of its node does; the returned function mends it. */
export async function cutOff(netns: string, interfaces: readonly string[]): Promise<() => Promise<void>> {
  const chains = interfaces.map(
    (name, index) =>
      `  chain i${index} {\n    type filter hook ingress device "${name}" priority 0; policy drop;\n  }\n` +
      `  chain o${index} {\n    type filter hook egress device "${name}" priority 0; policy drop;\n  }\n`,
  );
  const inside = [`--net=/run/netns/${netns}`, "nft"];
  await run("nsenter", [...inside, "-f", "-"], { input: `table netdev plb-cut {\n${chains.join("")}}\n` });
  return async () => {
    await run("nsenter", [...inside, "delete", "table", "netdev", "plb-cut"]);
  };
}
