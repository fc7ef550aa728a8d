import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/net/address.ts";
import { parseKnownCidr, toRange } from "../../src/net/cidr.ts";
import { everyService, formatServices, uniteServices } from "../../src/verify/headerspace/service-set.ts";
import { evaluateFilter } from "../../src/verify/nft/evaluate.ts";
import { parseNft } from "../../src/verify/nft/parse.ts";
import type { Ruleset } from "../../src/verify/nft/ruleset.ts";
import { applyNat } from "../../src/verify/nft/translate.ts";

const file = { path: "fw.nft", text: "" };
const load = (text: string) => parseNft(text, (start, end) => ({ file, start, end }));

function ruleset(text: string): Ruleset {
  const read = load(text);
  if ("why" in read) throw new Error(`${read.why} at ${text.slice(read.at, read.at + 20)}`);
  return read;
}

const table = (body: string) => `table inet plumbline
delete table inet plumbline
table inet plumbline {
${body}
}
`;

const pair = table(`  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    iifname "net1" oifname "net2" ip saddr 10.20.0.0/24 ip daddr 10.10.0.0/24 tcp dport { 8443, 9000-9010 } counter accept comment "web"
    iifname "net1" oifname "net2" ip6 saddr fd00:20::/64 ip6 daddr fd00:10::/64 tcp dport 8443 counter accept
    counter comment "default drop"
  }`);

function box(from: string, to: string) {
  const [source, destination] = [parseKnownCidr(from), parseKnownCidr(to)];
  return {
    family: source.family,
    sources: [toRange(source)],
    destinations: [toRange(destination)],
    services: everyService,
  };
}

function through(text: string, incoming: string, outgoing: string, from: string, to: string, state = "new" as const) {
  const crossing = { incoming, outgoing, state, translated: false };
  const { accepted } = evaluateFilter(ruleset(text), "forward", crossing, box(from, to));
  return formatServices(uniteServices(...accepted.map((one) => one.services)));
}

describe("rulesets", () => {
  test("let through what a rule accepts, on its interfaces and in its family only", () => {
    expect(through(pair, "net1", "net2", "10.20.0.0/24", "10.10.0.0/16")).toEqual(["tcp/8443", "tcp/9000-9010"]);
    expect(through(pair, "net2", "net1", "10.20.0.0/24", "10.10.0.0/24")).toEqual([]);
    expect(through(pair, "net1", "net2", "fd00:20::/64", "fd00:10::/64")).toEqual(["tcp/8443"]);
    expect(through(pair, "net1", "net2", "10.30.0.0/24", "10.10.0.0/24")).toEqual([]);
  });

  test("let answers through by the state of the connection", () => {
    const crossing = { incoming: "net2", outgoing: "net1", state: "established" as const, translated: false };
    const { accepted } = evaluateFilter(ruleset(pair), "forward", crossing, box("10.10.0.0/24", "10.20.0.0/24"));
    expect(formatServices(accepted[0]?.services ?? [])).toEqual(["everything"]);
  });

  test("obey order, jumps, returns and sets", () => {
    const text = table(`  set clients { type ipv4_addr; flags interval; elements = { 10.1.0.0/24, 10.2.0.5 } }
  chain allowed {
    tcp dport 25 return
    tcp dport 1-100 accept
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ip saddr 10.1.0.9 drop
    ip saddr @clients jump allowed
    drop
  }`);
    expect(through(text, "a", "b", "10.1.0.0/29", "10.9.0.0/24")).toEqual(["tcp/1-24", "tcp/26-100"]);
    expect(through(text, "a", "b", "10.1.0.9/32", "10.9.0.0/24")).toEqual([]);
    expect(through(text, "a", "b", "10.3.0.0/24", "10.9.0.0/24")).toEqual([]);
  });

  test("need every chain of a hook to accept", () => {
    const second = `${pair}table ip more {\n chain f {\n type filter hook forward priority 10; policy accept;\n tcp dport 9000-9100 drop\n }\n}\n`;
    expect(through(second, "net1", "net2", "10.20.0.0/24", "10.10.0.0/24")).toEqual(["tcp/8443"]);
  });

  test("translate sources and published destinations", () => {
    const text = table(`  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "net3" ip saddr 10.0.0.0/8 snat ip to 10.50.0.1
    oifname "wg0" masquerade
  }
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "net2" ip daddr 10.10.0.1 tcp dport 443 dnat ip to 10.20.0.7:8443
  }`);
    const out = { incoming: "net1", outgoing: "net3", state: "new" as const, translated: false };
    const [sent] = applyNat(ruleset(text), "postrouting", out, box("10.20.0.0/24", "10.50.0.0/24"), []);
    expect(sent?.after.sources[0]?.start).toBe(parseAddress("10.50.0.1")?.value);
    const into = { incoming: "net2", outgoing: undefined, state: "new" as const, translated: false };
    const all = applyNat(ruleset(text), "prerouting", into, box("10.10.0.0/24", "10.10.0.1/32"), []);
    expect(all.map((one) => formatServices(one.after.services))[0]).toEqual(["tcp/8443"]);
    expect(all).toHaveLength(2);
  });

  test.each([
    [
      "a word that is not known",
      "  chain f {\n    type filter hook forward priority filter; policy drop;\n    meta mark 1 accept\n  }",
    ],
    ["an interface by its number", "  chain f {\n    meta iif 3 oif 4 accept\n  }"],
    ["a verdict by flags", "  chain f {\n    tcp flags syn accept\n  }"],
    ["a hook that is not known", "  chain f {\n    type filter hook ingress priority 0; policy drop;\n  }"],
    ["a set of ports", "  set p { type inet_service; elements = { 1 } }"],
    ["a broken address", "  chain f {\n    ip saddr 10.0.0.300 accept\n  }"],
    ["an open brace", "  chain f {\n    accept"],
    ["an include", '}\ninclude "/etc/x"\ntable inet z {'],
  ])("are refused where they are not understood: %s", (_name, body) => {
    expect(load(table(body))).toHaveProperty("why");
  });

  test("are refused where a table is deleted that is not there", () => {
    expect(load("delete table inet plumbline\n")).toHaveProperty("why");
  });
});
