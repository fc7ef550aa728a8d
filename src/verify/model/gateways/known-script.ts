import { hashContent } from "../../../net/hash.ts";

/**
 * Scripts and configurations of gateways that the end-to-end tests have run, by their lines. Of a loop, a trap or a handler
 * nobody can say by reading what it does, so any other text is one that nobody has seen work.
 */
const KNOWN: ReadonlySet<string> = new Set([
  "e3e17af496508186", // addresses.sh
  "ae47949ef5dd7105", // start.sh of a single firewall
  "bb88815e7cf33dd8", // start.sh of a single tunnel
  "463dbe994a3fa3ae", // start.sh of a pair with a tunnel
  "f55c9f99b91d1064", // start.sh of a pair of firewalls
  "8443dbdf73846d34", // strongswan.conf
  "3a38d8f5c5b1370f", // swanctl.conf by certificate
  "c55eeadc5bda7e9e", // swanctl.conf by shared key
  "8131698a0d36e6b5", // tunnel.sh of WireGuard
  "fe3f6fc6e849b98c", // tunnel.sh of IPsec by certificate
  "be6b1dc634787daf", // tunnel.sh of IPsec by shared key
]);

/** Lines that stand there as often as they are needed. What they do is read, and held against what is meant. */
const OPTIONAL: readonly RegExp[] = [
  /^ip address del \S+ dev \S+ 2>\/dev\/null \|\| true$/,
  /^ip address replace \S+ dev (net\d+|"\$link")( nodad)?$/,
  /^ip -[46] route replace (unreachable )?\S+ (metric 4096|dev "\$link") table (main|51820)$/,
  /^ip -[46] route replace \S+ via \S+ dev net\d+$/,
  /^ip -[46] rule show \| grep -q "lookup 51820" \|\| ip -[46] rule add not fwmark 51820 table 51820 priority 20000$/,
  /^ip -[46] rule show \| grep -q "suppress_prefixlength 0" \|\| ip -[46] rule add table main suppress_prefixlength 0 priority 19999$/,
  /^wg set "\$link" peer \S+ preshared-key \/run\/secrets\/plumbline-psk\/\S+$/,
  /^sh "\/etc\/plumbline\/gateway\/\$MEMBER\.addresses\.sh"$/,
  /^cp \/run\/secrets\/plumbline\/\S+ \/run\/swanctl\/(x509|x509ca|private)\/\S+$/,
];

/** What differs from gateway to gateway in a line, and is read elsewhere. */
const PARAMETERS: readonly (readonly [what: RegExp, is: string])[] = [
  [/^link=\S+$/, "link="],
  [/^mtu=\d+$/, "mtu="],
  [/\|\| mtu=\d+$/, "|| mtu="],
  [/ mtu \d+ up$/, " mtu up"],
  [/ if_id \d+ /, " if_id "],
  [/ private-key \/run\/secrets\/plumbline\/\S+$/, " private-key"],
  [/<\/run\/secrets\/plumbline\/\S+ /, "< "],
  [/^(remote_addrs|proposals|esp_proposals|id|certs|cacerts|local_ts|remote_ts|if_id_in|if_id_out) = .*$/, "$1"],
];

/** Whether it is a known text, whatever its addresses. */
export function isKnownScript(text: string): boolean {
  return KNOWN.has(normalizeScript(text));
}

/** A text by its lines, without comments and what stands there as often as it is needed. */
export function normalizeScript(text: string): string {
  const lines = listStatements(text).filter((line) => !OPTIONAL.some((one) => one.test(line)));
  const bare = lines.map((line) => PARAMETERS.reduce((left, [what, is]) => left.replace(what, is), line));
  return hashContent(bare.join("\n"), 16);
}

/** Lines that do something, without the space around them. */
export function listStatements(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
