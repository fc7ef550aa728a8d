import fc from "fast-check";
import { expect, test } from "vitest";
import { computeEspMtu, hasKnownSize } from "../src/kinds/vpn-egress/esp-size.ts";

/** Bytes on the wire of a packet in ESP in UDP, put together header by header (RFC 3948, RFC 4303). */
function onTheWire(packet: number, outer: number, iv: number, block: number, icv: number): number {
  const padded = Math.ceil((packet + 2) / block) * block;
  return outer + 8 + 4 + 4 + iv + padded + icv;
}

const ciphers = [
  ["aes256gcm16-sha384-ecp384", 8, 4, 16],
  ["aes128gcm12-sha256-ecp256", 8, 4, 12],
  ["aes256ccm16-sha256-modp3072", 8, 4, 16],
  ["chacha20poly1305-sha256-x25519", 8, 4, 16],
  ["aes128-sha256-modp3072", 16, 16, 16],
  ["aes256-sha384-modp3072", 16, 16, 24],
  ["aes256-sha512-modp4096", 16, 16, 32],
] as const;

for (const [proposal, iv, block, icv] of ciphers)
  test(`the MTU of ${proposal} is the largest that fits`, () =>
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 9100 }), fc.constantFrom(20, 40), (path, outer) => {
        const mtu = computeEspMtu([proposal], path, outer);
        expect(onTheWire(mtu, outer, iv, block, icv)).toBeLessThanOrEqual(path);
        expect(onTheWire(mtu + 1, outer, iv, block, icv)).toBeGreaterThan(path);
      }),
    ));

test("of several proposals, the one that adds most counts", () => {
  const both = computeEspMtu(["aes256gcm16-sha384-ecp384", "aes256-sha512-modp4096"], 1500, 20);
  expect(both).toBe(computeEspMtu(["aes256-sha512-modp4096"], 1500, 20));
  expect(both).toBeLessThan(computeEspMtu(["aes256gcm16-sha384-ecp384"], 1500, 20));
});

test("what is broken, or says not how packets are checked, is no proposal", () => {
  for (const [proposal] of ciphers) expect(hasKnownSize(proposal), proposal).toBe(true);
  for (const proposal of [
    "3des-sha1-modp1024",
    "null-sha256",
    "aes256",
    "aes128-md5-modp2048",
    "aes256gcm16",
    "des-sha256",
  ])
    expect(hasKnownSize(proposal), proposal).toBe(false);
});
