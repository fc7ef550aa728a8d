import { describe, expect, test } from "vitest";
import { readIpCommand } from "../../src/verify/model/gateways/ip-command.ts";
import { parseKeepalived } from "../../src/verify/model/gateways/keepalived.ts";
import { runScript } from "../../src/verify/model/gateways/run-script.ts";
import { parseWireguard } from "../../src/verify/model/gateways/wireguard-conf.ts";

const run = (text: string, files: Record<string, string> = {}, environment: Record<string, string> = {}) =>
  runScript(
    text,
    new Map(Object.entries(files).map(([path, body]) => [path, { text: body }])),
    new Map(Object.entries(environment)),
  );
const lines = (text: string, files?: Record<string, string>, environment?: Record<string, string>) =>
  run(text, files, environment).commands.map((one) => one.words.join(" "));

describe("scripts", () => {
  test("are followed through functions, variables and other scripts, and loops are passed over", () => {
    const text = `#!/bin/sh
set -eu
rules=/etc/rules.nft   # a comment
load() { nft -c -f "$rules" && nft -f "$rules"; }
load
sh /etc/tunnel.sh up
keepalived --use-file "/etc/$MEMBER.conf" &
while sleep 5; do
  nft -f /etc/other.nft
done
exit 1`;
    const tunnel = `link=wg0
up() {
  ip link add "$link" type wireguard 2>/dev/null || wireguard-go "$link"
}
case "$1" in
  up) up ;;
  down) ip link delete "$link" ;;
esac`;
    expect(lines(text, { "/etc/tunnel.sh": tunnel }, { MEMBER: "fw-1" })).toEqual([
      "nft -c -f /etc/rules.nft",
      "nft -f /etc/rules.nft",
      "ip link add wg0 type wireguard",
      "wireguard-go wg0",
      "keepalived --use-file /etc/fw-1.conf",
    ]);
  });

  test("that branch on what nobody knows are a problem", () => {
    expect(run('if [ "$X" = 1 ]; then nft -f /a; fi').problems).toHaveLength(1);
    expect(run("sh /not/there.sh").problems).toHaveLength(1);
    expect(run('case "$1" in\n  weird line\nesac').problems).toHaveLength(1);
  });

  test("that call themselves come to an end", () => {
    expect(run("sh /a.sh", { "/a.sh": "sh /a.sh" }).problems).not.toEqual([]);
  });
});

test("ip commands are read, and others are not", () => {
  const read = (text: string) => readIpCommand(text.split(" "));
  expect(read("ip address replace 10.0.0.1/24 dev net1")).toMatchObject({ type: "address", interface: "net1" });
  expect(read("ip -4 route replace unreachable 10.0.0.0/8 metric 4096 table main")).toMatchObject({
    type: "route",
    interface: undefined,
    metric: 4096,
  });
  expect(read("ip -6 rule add not fwmark 51820 table 51820")).toMatchObject({
    type: "rule",
    family: 6,
    table: "51820",
  });
  expect(read("ip address del 10.0.0.1/24 dev net1")).toEqual({ type: "nothing" });
  expect(read("ip netns exec x sh")).toBeUndefined();
  expect(read("ip route add 10.0.0.0/99 dev x")).toBeUndefined();
});

describe("keepalived", () => {
  test("instances, virtual addresses, peers, groups and what a master runs", () => {
    const read = parseKeepalived(`vrrp_sync_group G {
  group {
    A
  }
  notify_master "/bin/sh /t.sh up"
}
vrrp_instance A {
  interface net1
  virtual_router_id 7
  unicast_src_ip 10.0.0.2
  unicast_peer { 10.0.0.3 }
  virtual_ipaddress {
    10.0.0.1/24 dev net1
    10.0.0.4/24
  }
}`);
    if (typeof read === "string") throw new Error(read);
    expect(read.groups).toEqual([["A"]]);
    expect(read.whenMaster).toEqual(["/bin/sh /t.sh up"]);
    expect(read.instances[0]).toMatchObject({ interface: "net1", routerId: 7 });
    expect(read.instances[0]?.virtual).toHaveLength(2);
    expect(read.instances[0]?.peers).toHaveLength(1);
  });

  test.each([
    ["vrrp_instance A {\n interface net1\n"],
    ["vrrp_instance A {\n virtual_router_id 1\n}"],
    ["vrrp_instance A {\n interface net1\n virtual_routes {\n 10.0.0.0/8\n }\n}"],
    ["vrrp_instance A {\n interface net1\n virtual_ipaddress {\n nonsense\n }\n}"],
    ["}"],
  ])("is not guessed: %s", (text) => {
    expect(typeof parseKeepalived(text)).toBe("string");
  });
});

test("WireGuard peers, with IPv6 endpoints too", () => {
  const read = parseWireguard(
    "[Interface]\nListenPort = 1\n[Peer]\nEndpoint = [2001:db8::1]:51820\nAllowedIPs = 10.0.0.0/8, fd00::/16\n",
  );
  expect(read).toMatchObject([{ endpoint: { port: 51820 }, allowed: [{ prefix: 8 }, { prefix: 16 }] }]);
  expect(typeof parseWireguard("[Peer]\nEndpoint = example.com:1\n")).toBe("string");
});
