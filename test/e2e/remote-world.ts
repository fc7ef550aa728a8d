import { createInterface } from "node:readline";
import { readExpectations } from "./expectations.ts";
import { makeGround } from "./ground.ts";
import { heldIn } from "./held-addresses.ts";
import { batch, switchOf } from "./links.ts";
import { partiesOf } from "./matrix.ts";
import { readSet } from "./packet-suite.ts";
import type { RemoteReady, RemoteRequest } from "./remote-protocol.ts";
import { settle } from "./settle.ts";
import { makeWorld } from "./world.ts";

/** A second cluster: its own API server and node. Prints its parties, then answers requests, a JSON line each. */
async function main(): Promise<void> {
  const [bin = "", folder = "", prefix = "", file = ""] = process.argv.slice(2);
  const expectations = readExpectations(file);
  const ground = await makeGround(bin, folder, prefix);
  const set = await readSet(bin, expectations);
  const world = await makeWorld(ground, set, expectations, { mark: `${expectations.cluster}:` });
  const isSettled = await settle(world);
  const parties = partiesOf(world);
  const ready: RemoteReady = {
    parties: parties.map(({ id, name, gateway, addresses }) => ({ id, name, gateway, addresses })),
    troubles: [...world.troubles, ...(isSettled ? [] : ["a pair of it did not elect a member"])],
  };
  const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
  const answer = async (request: RemoteRequest): Promise<unknown> => {
    if (request.op === "probe") {
      const party = parties.find((candidate) => candidate.name === request.name);
      if (!party) throw new Error(`no party ${request.name}`);
      return party.agent.probe(request.targets, request.timeout);
    }
    if (request.op === "held") return heldIn(world);
    await batch([`link set ${request.port} mtu ${expectations.platform.mtu} master ${switchOf(request.link)} up`]);
    return null;
  };
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      const { id, ...request } = JSON.parse(line) as RemoteRequest & { id: number };
      answer(request as RemoteRequest).then(
        (result) => say({ id, result }),
        (error: Error) => say({ id, error: error.message }),
      );
    })
    .on("close", () => process.exit(0));
  say(ready);
}

await main();
