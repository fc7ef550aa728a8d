import { familyOf, holds, nth, toBlock } from "./address.ts";
import type { Agent } from "./agents.ts";
import type { Claims, Verdict } from "./claims.ts";
import type { Pod } from "./kubelet.ts";
import { networkOf, portsOfProbe, targetOf } from "./matrix.ts";
import { run } from "./shell.ts";
import type { World } from "./world.ts";

/** Attacks on a zone's border that the matrix, where everyone behaves, does not try. */
export async function checkBorders(world: World, claims: Claims): Promise<void> {
  const members = footholds(world).filter((foothold) => !foothold.pod.gateway);
  if (new Set(members.map((foothold) => foothold.network)).size > 1) {
    await claims.check("an address of another zone, taken on one's own link, reaches nobody of it", () =>
      foreignAddress(world),
    );
  }
  await claims.check("a zone address that the node routes to a pod's eth0 is not answered to strangers", () =>
    weakHost(world),
  );
}

interface Foothold {
  readonly pod: Pod;
  readonly interface: string;
  readonly network: string;
  readonly address: string;
}

/** Every pod's attachment to a network of the expectations. */
function footholds(world: World): Foothold[] {
  return world.pods.flatMap((pod) =>
    pod.attachments.flatMap((attachment) =>
      attachment.addresses.map((address) => ({
        pod,
        interface: attachment.interface,
        address,
        network: networkOf(world.expectations, address),
      })),
    ),
  );
}

/** Takes a free address of another network on the own link: a different VLAN must not answer. */
async function foreignAddress(world: World): Promise<Verdict> {
  const problems: string[] = [];
  let tries = 0;
  const members = footholds(world).filter((foothold) => !foothold.pod.gateway);
  const networks = [...new Set(members.map((foothold) => foothold.network))];
  for (const network of networks) {
    const intruder = members.find((foothold) => foothold.network !== network);
    const victims = members.filter((foothold) => foothold.network === network);
    if (!intruder) continue;
    for (const cidr of world.expectations.networks[network] ?? []) {
      const family = toBlock(cidr).family;
      const own = victims.filter(
        (v) => familyOf(v.address) === family && v.pod !== intruder.pod && holds(cidr, v.address),
      );
      if (own.length === 0) continue;
      const taken = `${nth(cidr, family === 4 ? -5n : 65_000n)}/${toBlock(cidr).prefix}`;
      const node = ["-n", intruder.pod.netns];
      await run("ip", [...node, "addr", "add", taken, "dev", intruder.interface, ...(family === 6 ? ["nodad"] : [])]);
      // A route of its own to each victim, or the way by the firewall would be taken.
      const routes = own.map((v) => [
        ...node,
        family === 6 ? "-6" : "-4",
        "route",
        "replace",
        v.address,
        "dev",
        intruder.interface,
      ]);
      for (const route of routes) await run("ip", [...route, "src", taken.split("/")[0] ?? ""]);
      const targets = own.flatMap((v) => portsOfProbe(world).map((port) => targetOf(port, v.address)));
      tries += targets.length;
      const answers = await (intruder.pod.agent as Agent).probe(targets, 700);
      for (const [index, answer] of answers.entries()) {
        const target = targets[index];
        if (answer.ok)
          problems.push(`${intruder.pod.name} reaches ${target?.address} ${target?.protocol}/${target?.port}`);
      }
      for (const route of routes)
        await run(
          "ip",
          route.map((word) => (word === "replace" ? "del" : word)),
        );
      await run("ip", [...node, "addr", "del", taken, "dev", intruder.interface]);
    }
  }
  return { problems, measured: `${tries} tries` };
}

/** The weak-host model: a pod accepts packets to its zone address that come in by eth0, if they are let through. */
async function weakHost(world: World): Promise<Verdict> {
  const problems: string[] = [];
  let tries = 0;
  const strangers = world.pods.filter((pod) => pod.attachments.length === 0);
  const stranger = strangers.at(-1);
  if (!stranger) return { problems: ["the example has no pod without attachments"] };
  for (const victim of footholds(world)) {
    const route = [familyOf(victim.address) === 6 ? "-6" : "-4", "route"];
    const through = victim.pod.addresses.find((address) => familyOf(address) === familyOf(victim.address));
    if (!through) continue;
    await run("ip", [...route, "replace", victim.address, "via", through, "dev", victim.pod.link, "onlink"]);
    const targets = portsOfProbe(world).map((port) => targetOf(port, victim.address));
    tries += targets.length;
    const answers = await (stranger.agent as Agent).probe(targets, 500);
    for (const [index, answer] of answers.entries()) {
      if (answer.ok)
        problems.push(
          `${victim.pod.name} answers ${stranger.name} by eth0 on ${victim.address} ${targets[index]?.port}`,
        );
    }
    await run("ip", [...route, "del", victim.address]);
  }
  return { problems, measured: `${tries} tries` };
}
