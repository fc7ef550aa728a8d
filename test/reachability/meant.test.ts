import { describe, expect, test } from "vitest";
import { caseOf, example } from "./tampered.ts";

describe("a network that moved as a whole", () => {
  test("to a VLAN that nobody uses", () =>
    expect(example(/bond1\.175/g, "bond1.176")).toMatch(
      /it is on link bond1 vlan 176, and isolationzone\/corp is meant for link bond1 vlan 175 @ out\/east\/zones\/corp\.yaml:\d+, intents\/zones\/corp\.yaml:\d+/,
    ));
  test("to another uplink", () =>
    expect(example(/bond1\.110/g, "bond2.110")).toMatch(
      /it is on link bond2 vlan 110, and isolationzone\/pci is meant/,
    ));
  test("to a link of another kind", () =>
    expect(example(/"master": "bond1\.110"/g, '"master": "bond1"')).toMatch(/it is on link bond1, and/));
  test("to another VPC of GKE", () =>
    expect(caseOf("kinds/gke")(/vpc: corp-vpc/g, "vpc: other-vpc")).toMatch(
      /it is on vpc other-vpc, and isolationzone\/corp is meant for vpc corp-vpc @ out\/main\/zones\/corp\.yaml:\d+, intents/,
    ));
});

describe("a tunnel that takes less, or leads elsewhere", () => {
  test("narrower AllowedIPs", () =>
    expect(example(/AllowedIPs = 192\.168\.77\.0\/24/, "AllowedIPs = 192.168.77.0/25")).toMatch(
      /wg-site1 leaves out 192\.168\.77\.128\/25 @ out\/east\/vpns\/site1\.yaml:\d+, intents\/vpns\/site1\.yaml:\d+/,
    ));
  test("the key of another peer", () =>
    expect(example(/PublicKey = x/, "PublicKey = y")).toMatch(/wg-site1 knows yTIBA5.* and not xTIBA5/));
  test("an endpoint that is another, let out by rules and policy", () =>
    expect(example(/203\.0\.113\.2\b/g, "203.0.113.9")).toMatch(/wg-site1 does not lead to 203\.0\.113\.2/));
  const ipsec = caseOf("output/ipsec-with-a-shared-key");
  test("narrower traffic selectors", () =>
    expect(ipsec(/remote_ts = 192\.168\.77\.0\/24/, "remote_ts = 192.168.77.0/25")).toMatch(
      /ipsec0 leaves out 192\.168\.77\.128\/25/,
    ));
  test("another name of the peer", () =>
    expect(ipsec(/(remote \{[^}]*id = )\S+/, "$1other.example.com")).toMatch(/ipsec0 knows .* and not /));
});

describe("settings of links that no packet shows", () => {
  const at =
    / sets `([^`]*)` to (.*), but must be (.*) @ out\/east\/zones\/pci\.yaml:\d+, intents\/zones\/pci\.yaml:\d+/;
  test("router advertisements are taken", () =>
    expect(at.exec(example(/accept_ra": "0"/, 'accept_ra": "1"'))?.slice(1)).toEqual([
      "net.ipv6.conf.IFNAME.accept_ra",
      '"1"',
      '"0"',
    ]));
  test("redirects are taken, since nothing forbids it", () =>
    expect(example(/\s*"net\.ipv4\.conf\.IFNAME\.accept_redirects": "0",/g)).toMatch(
      /sets `net\.ipv4\.conf\.IFNAME\.accept_redirects` to nothing, but must be "0"/,
    ));
  test("one more is set", () =>
    expect(example(/"net\.ipv4\.conf\.IFNAME\.rp_filter": "1"/g, '$&, "net.ipv4.conf.IFNAME.proxy_arp": "1"')).toMatch(
      /sets `net\.ipv4\.conf\.IFNAME\.proxy_arp` to "1", but must be nothing/,
    ));
  test("a leg sends redirects", () =>
    expect(
      example(/"net\.ipv4\.conf\.IFNAME\.send_redirects": "0"/g, '"net.ipv4.conf.IFNAME.send_redirects": "1"'),
    ).toMatch(/fw-edge\/zone-pci--edge--leg sets .*send_redirects/));
  test("an MTU above that of the link", () =>
    expect(example(/"mtu": 1500/g, '"mtu": 9000')).toMatch(/payments\/zone-pci sets `mtu` to 9000, but must be 1500/));
  test("no MTU", () => expect(example(/\s*"mtu": 1500,/g)).toMatch(/sets `mtu` to nothing, but must be 1500/));
  test("the tunnel's MTU", () =>
    expect(example(/mtu 1440/, "mtu 1500")).toMatch(/has an MTU of 1500, and 1440 is meant/));
  test("another plugin on the same link", () =>
    expect(
      example(/"type": "macvlan",(\s*"master": "[^"]*",\s*)"mode": "bridge"/g, '"type": "ipvlan",$1"mode": "l2"'),
    ).toMatch(/sets `type` to ipvlan, but must be macvlan/));
  test("a CNI version that no plugin takes", () =>
    expect(example(/"cniVersion": "1\.0\.0"/g, '"cniVersion": "7.0.0"')).toMatch(
      /the CNI version `7\.0\.0` is not known/,
    ));
});

describe("what pods ask for", () => {
  test("another hardware address", () =>
    expect(example(/02:00:0a:0a:00:14/g, "02:00:0a:0a:00:15")).toMatch(
      /it has 02:00:0a:0a:00:15 as its MAC address, and 02:00:0a:0a:00:14 is meant/,
    ));
  test("a network that takes none", () =>
    expect(example(/"mac": true/g, '"mac": false')).toMatch(/it has any as its MAC address/));
  test("one hardware address for two", () =>
    expect(
      example(
        /"interface":"net2","ips":\["10\.10\.0\.2\//,
        '"interface":"net2","mac":"02:00:0A:0a:00:14","ips":["10.10.0.2/',
      ),
    ).toMatch(/02:00:0a:0a:00:14 may be given to .* and to /));
  test("another name of the interface", () =>
    expect(example(/("name":"zone-pci","namespace":"payments","interface":)"net2"/g, '$1"net3"')).toMatch(
      /it is there as net3, and net2 is meant/,
    ));
  test("a network of its own is lost", () =>
    expect(example(/\{"name":"backup-net","namespace":"storage"\},/g)).toMatch(
      /storage\/backup-net, which the workload names itself, is not its net1/,
    ));
  test("nodes without the link", () =>
    expect(example(/net\.example\.com\/batch: "true"/g, 'net.example.com/batch: "false"')).toMatch(
      /it is not kept to nodes with net\.example\.com\/batch=true/,
    ));
  test("a prefix that is not the subnet's", () =>
    expect(example(/10\.10\.0\.20\/24/g, "10.10.0.20/23")).toMatch(
      /it takes 10\.10\.0\.0\/23 for its subnet, and 10\.10\.0\.0\/24 and fd00:10::\/64 is meant/,
    ));
  test("a leg's prefix", () =>
    expect(example(/10\.132\.207\.10\/24/g, "10.132.207.10/25")).toMatch(
      /it takes 10\.132\.207\.0\/25 for its subnet/,
    ));
});

describe("routes where a server outside gives addresses", () => {
  const gke = caseOf("kinds/gke");
  test("as it is written", () => expect(gke(undefined)).toBe(""));
  test("a gateway that nobody is", () =>
    expect(gke(/gateway4: 10\.50\.0\.1/, "gateway4: 10.50.0.9")).toMatch(
      /it has no route to 10\.60\.0\.0\/16 by 10\.50\.0\.1/,
    ));
  test("another destination", () =>
    expect(gke(/to: 10\.60\.0\.0\/16/, "to: 10.61.0.0/16")).toMatch(/it has no route to 10\.60\.0\.0\/16/));
  test("all routes together", () =>
    expect(gke(/^ +routes:\n( +- to: .*\n)+/gm)).toMatch(/it has no route to 10\.60\.0\.0\/16 by 10\.50\.0\.1/));
  test("a route that nobody asked for", () =>
    expect(gke(/( +)- to: 10\.60\.0\.0\/16\n/, "$&$1- to: 10.62.0.0/16\n")).toMatch(
      /a route to 10\.62\.0\.0\/16 by 10\.50\.0\.1 that no intent/,
    ));
});
