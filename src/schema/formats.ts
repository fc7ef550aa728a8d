import { parseAddress } from "../net/address.ts";
import { containsCidr, formatCidr, parseCidr, parseInterfaceAddress, parseKnownCidr, toNetwork } from "../net/cidr.ts";
import { isDnsLabel, isInterfaceName } from "../net/name.ts";
import { parseRange } from "../net/range.ts";
import { parseService } from "../net/service.ts";
import { parseVlans } from "../net/vlan.ts";

/** What a text should have been, and how to write it. */
export interface FormatProblem {
  readonly slug: "bad-format" | "host-bits";
  /** `an address`: completes "is not …". */
  readonly wanted: string;
  readonly help?: string;
}

type Format = (value: string) => FormatProblem | undefined;

function wanted(what: string, help: string): FormatProblem {
  return { slug: "bad-format", wanted: what, help };
}

function asCidr(value: string): FormatProblem | undefined {
  const read = parseCidr(value);
  if (typeof read !== "string") return undefined;
  const near = parseInterfaceAddress(value);
  if (read === "host-bits" && typeof near !== "string")
    return { slug: "host-bits", wanted: "a network", help: `write \`${formatCidr(toNetwork(near))}\`` };
  return wanted("a network", "write an address and a prefix length: `10.10.0.0/24` or `fd00:10::/64`");
}

/** IPv4 and IPv6 networks that no pod can be given and no router passes on (RFC 6890). */
const NEVER_ROUTED = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/8",
  "fe80::/10",
  "ff00::/8",
];

function asSubnet(value: string): FormatProblem | undefined {
  const problem = asCidr(value);
  if (problem) return problem;
  if (!NEVER_ROUTED.some((never) => containsCidr(parseKnownCidr(never), parseKnownCidr(value)))) return undefined;
  return wanted("a network that packets are sent to", "loopback, link-local, multicast and reserved addresses are not");
}

function matching(pattern: RegExp, what: string, help: string): Format {
  return (value) => (pattern.test(value) ? undefined : wanted(what, help));
}

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

function asMac(value: string): FormatProblem | undefined {
  if (!MAC.test(value)) return wanted("a MAC address", "write six pairs of lower-case digits: `02:00:0a:0a:00:14`");
  // The lowest bit of the first octet marks a group address; the kernel refuses it on an interface.
  if (Number.parseInt(value.slice(0, 2), 16) & 1) return wanted("a unicast MAC address", "begin it with `02`");
  return undefined;
}

/** Addresses that no host on a network has, or that lead nowhere beyond one link (RFC 6890). */
const NO_ENDPOINT = [...NEVER_ROUTED.filter((one) => one !== "::/8"), "::/128", "::1/128"];

function asEndpoint(value: string): FormatProblem | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value);
  const address = parseAddress(match?.[1] ?? match?.[2] ?? "");
  const port = Number(match?.[3]);
  if (!match || !address || port < 1 || port > 65535)
    return wanted(
      "an address and a port",
      "write `203.0.113.2:51820` or `[2001:db8::2]:51820`; a name would need DNS first",
    );
  const host = { family: address.family, base: address.value, prefix: address.family === 4 ? 32 : 128 };
  if (!NO_ENDPOINT.some((never) => containsCidr(parseKnownCidr(never), host))) return undefined;
  return wanted(
    "an address that a peer can have",
    "loopback, link-local, multicast, broadcast and unspecified addresses are not",
  );
}

const label = "lower-case letters, digits and dashes, at most 63 characters";

/** Every format that a schema may name. */
export const formats: Readonly<Record<string, Format>> = {
  address: (value) => (parseAddress(value) ? undefined : wanted("an address", "write `10.10.0.1` or `fd00:10::1`")),
  cidr: asCidr,
  "address-or-cidr": (value) => (parseAddress(value) ? undefined : asCidr(value)),
  subnet: asSubnet,
  "interface-address": (value) =>
    typeof parseInterfaceAddress(value) === "string"
      ? wanted("an address with a prefix length", "write `172.31.0.2/32`")
      : undefined,
  destination: (value) => (value === "any" ? undefined : asSubnet(value)),
  range: (value) =>
    parseRange(value) ? undefined : wanted("an address or a range", "write `10.10.0.1-10.10.0.15`, lower end first"),
  service: (value) =>
    parseService(value)
      ? undefined
      : wanted("a port", "write `tcp/8443`, `udp/53`, `tcp/8000-8010`, `sctp/38412` or `icmp`"),
  "one-port": (value) => {
    const service = parseService(value);
    return service && service.protocol !== "icmp" && service.first === service.last
      ? undefined
      : wanted("a port", "write `tcp/8080`, `udp/53` or `sctp/38412`");
  },
  vlans: (value) =>
    parseVlans(value) ? undefined : wanted("a VLAN id or range", "write `110` or `100-199`, within 1 to 4094"),
  name: (value) => (isDnsLabel(value) ? undefined : wanted("a name", `use ${label}`)),
  "intent-name": (value) =>
    isDnsLabel(value) && value.length <= 40 && !value.includes("--")
      ? undefined
      : wanted("an intent's name", "use lower-case letters, digits and single dashes, at most 40 characters"),
  interface: (value) =>
    isInterfaceName(value) && /^[a-zA-Z0-9._-]+$/.test(value)
      ? undefined
      : wanted(
          "an interface name",
          "use at most 15 letters, digits, dots and dashes; not `all`, `default`, `.` or `..`",
        ),
  mac: asMac,
  endpoint: asEndpoint,
  "wireguard-key": (value) =>
    /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value)
      ? undefined
      : wanted("a WireGuard public key", "write the 44 characters that `wg pubkey` prints"),
  image: matching(
    /^[a-z0-9][a-z0-9._-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "an image",
    "write `registry.example.com/netfw@sha256:…`, with all 64 digits",
  ),
  quantity: matching(
    /^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i|e[+-]?\d+)?$/,
    "an amount",
    "write `100m` or `0.5` for processors, `64Mi` for memory",
  ),
  rate: matching(/^[1-9]\d*[KMG]?$/, "a rate in bits per second", "write `100M` or `1G`"),
  "config-name": matching(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    "an object's name",
    "use lower-case letters, digits, dots and dashes",
  ),
  "secret-key": matching(/^[-._a-zA-Z0-9]+$/, "a key of a Secret", "use letters, digits, dots, dashes and underscores"),
  "label-value": matching(
    /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
    "a label value",
    "use letters, digits, dots and dashes",
  ),
  "label-key": matching(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
    "a label key",
    "write `tier` or `example.com/tier`",
  ),
  word: matching(
    /^[A-Za-z0-9][A-Za-z0-9._/:@-]*$/,
    "a plain word",
    "use letters, digits, dots, dashes, slashes and colons",
  ),
  sysctl: (value) =>
    /(^|\.)(ip_forward|forwarding|mc_forwarding)$/.test(value)
      ? wanted("for members", "only gateways forward, and they are set up for it; use a FirewallPair")
      : matching(/^net(\.[a-zA-Z0-9_-]+)+$/, "a network sysctl", "write `net.ipv4.conf.IFNAME.arp_notify`")(value),
  "minor-version": matching(/^1\.\d{1,2}$/, "a Kubernetes version", 'write "1.36"'),
  glob: (value) =>
    value.startsWith("/") || value.split("/").includes("..") || value === ""
      ? wanted("a path inside the project", "write it from the folder of plumbline.yaml on, without `..`")
      : undefined,
  "git-address": matching(
    /^((https?|ssh|git|oci|file):\/\/|[\w.-]+@[\w.-]+:)[\w.~:/?#@!$&*+,;=%-]+$/,
    "the address of a repository",
    "write `https://git.example.com/net.git`, or `git@git.example.com:net.git`",
  ),
  "git-revision": matching(
    /^[\w./@^~+-]+$/,
    "a branch, a tag or a commit",
    "use letters, digits, dots, dashes and slashes",
  ),
  "cluster-name": matching(
    /^[\w.:/{}-]+$/,
    "a cluster as Argo CD knows it",
    "write a name, with `{cluster}` for the name of the cluster, or `https://kubernetes.default.svc`",
  ),
  line: matching(
    /^[^\n\r\u0000-\u001f\u007f\u0085\u2028\u2029]*$/u,
    "one line of text",
    "leave control characters out",
  ),
  annotation: matching(
    /^[^\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029]*$/u,
    "the value of an annotation",
    "leave control characters out",
  ),
  duration: matching(/^(\d+(\.\d+)?(ms|s|m|h))+$/, "a duration", "write a number with its unit: `30s`, `5m`, `1h30m`"),
  share: matching(/^1\/(1|2|4|8|16|32|64)$/, "a share", "write `1/2`, `1/4`, `1/8` …"),
};
