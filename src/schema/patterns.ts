const LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = `(${OCTET}\\.){3}${OCTET}`;
const IPV6 = "[0-9a-fA-F:]*:[0-9a-fA-F:.]*";
const ADDRESS = `(${IPV4}|${IPV6})`;
const CIDR = `(${IPV4}/(3[0-2]|[12]?\\d)|${IPV6}/(12[0-8]|1[01]\\d|[1-9]?\\d))`;
const VLAN = "(409[0-4]|40[0-8]\\d|[1-3]\\d{3}|[1-9]\\d{0,2})";
const CONFIG_NAME = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?";
const LABEL_KEY = `(${CONFIG_NAME}/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?`;

/**
 * What an editor can say of a format by a regular expression. Each accepts everything that the format accepts, and perhaps more: which
 * address is a network's, for instance, only the compiler says. Formats of free text have none.
 */
export const patterns: Readonly<Record<string, string>> = {
  address: `^${ADDRESS}$`,
  cidr: `^${CIDR}$`,
  "address-or-cidr": `^(${ADDRESS}|${CIDR})$`,
  subnet: `^${CIDR}$`,
  "interface-address": `^${CIDR}$`,
  destination: `^(any|${CIDR})$`,
  range: `^(${ADDRESS}(-${ADDRESS})?|${CIDR})$`,
  service: "^(icmp|(tcp|udp|sctp)/[1-9]\\d{0,4}(-[1-9]\\d{0,4})?)$",
  vlans: `^${VLAN}(-${VLAN})?$`,
  name: `^${LABEL}$`,
  "intent-name": "^[a-z0-9](-?[a-z0-9]){0,39}$",
  interface: "^[a-zA-Z0-9._-]{1,15}$",
  mac: "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$",
  endpoint: "^(\\[[0-9a-fA-F:.]+\\]|[^:]+):\\d{1,5}$",
  "wireguard-key": "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$",
  image: "^[a-z0-9][a-z0-9._-]*(:\\d+)?(/[a-z0-9][a-z0-9._-]*)*(:\\w[\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$",
  quantity: "^\\d+(\\.\\d+)?(m|[kMGTPE]|[KMGTPE]i|e[+-]?\\d+)?$",
  rate: "^[1-9]\\d*[KMG]?$",
  "config-name": `^${CONFIG_NAME}$`,
  "secret-key": "^[-._a-zA-Z0-9]+$",
  "label-value": "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
  "label-key": `^${LABEL_KEY}$`,
  word: "^[A-Za-z0-9][A-Za-z0-9._/:@-]*$",
  sysctl: "^net(\\.[a-zA-Z0-9_-]+)+$",
  "minor-version": "^1\\.\\d{1,2}$",
  glob: "^[^/]",
  "git-revision": "^[\\w./@^~+-]+$",
  "cluster-name": "^[\\w.:/{}-]+$",
  duration: "^(\\d+(\\.\\d+)?(ms|s|m|h))+$",
  share: "^1/(1|2|4|8|16|32|64)$",
};
