import type { Path } from "../../source/place.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Fields, isFields } from "../read/lint-object.ts";

/** Two fields that the plugin refuses together, or one that it refuses without another. */
export interface ConstraintViolation {
  readonly key: Path;
  readonly problem: string;
  readonly help?: string;
}

type Law = (fields: Fields) => readonly ConstraintViolation[];

/** Nothing, an empty text and zero are the same to Go. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== 0 && value !== false;
}

function requireTogether(a: string, b: string): Law {
  return (fields) =>
    isSet(fields[a]) !== isSet(fields[b])
      ? [{ key: [isSet(fields[a]) ? a : b], problem: `\`${a}\` and \`${b}\` must both be set` }]
      : [];
}

function forbidTogether(a: string, b: string, why: string): Law {
  return (fields) =>
    isSet(fields[a]) && isSet(fields[b]) ? [{ key: [b], problem: `\`${b}\` excludes \`${a}\`: ${why}` }] : [];
}

function needs(key: string, other: string): Law {
  return (fields) =>
    isSet(fields[key]) && !isSet(fields[other]) ? [{ key: [key], problem: `\`${key}\` needs \`${other}\`` }] : [];
}

const trunk: Law = ({ vlanTrunk }) =>
  (Array.isArray(vlanTrunk) ? vlanTrunk : []).flatMap((one: unknown, index): ConstraintViolation[] => {
    if (!isFields(one)) return [];
    const { minID, maxID } = one;
    const key = ["vlanTrunk", index];
    if (isWritten(minID) !== isWritten(maxID)) return [{ key, problem: "`minID` and `maxID` must both be set" }];
    if (typeof minID === "number" && typeof maxID === "number" && minID > maxID)
      return [{ key, problem: `\`minID\` ${minID} is above \`maxID\` ${maxID}` }];
    return [];
  });

/** The plugin tells a number that is 0 from one that is not there. */
function isWritten(value: unknown): boolean {
  return value !== undefined && value !== null;
}

const rates: Law = ({ min_tx_rate: least, max_tx_rate: most }) =>
  typeof least === "number" && typeof most === "number" && most > 0 && least > most
    ? [{ key: ["min_tx_rate"], problem: `\`min_tx_rate\` ${least} is above \`max_tx_rate\` ${most}` }]
    : [];

const noAddressWithoutLink: Law = ({ disableContainerInterface, ipam }) =>
  disableContainerInterface === true && isFields(ipam) && isSet(ipam.type)
    ? [
        {
          key: ["disableContainerInterface"],
          problem: "without a link in the pod there is nothing for `ipam` to put an address on",
        },
      ]
    : [];

/** Unless a device plugin gives the device: then the network names its resource. */
const oneDevice: Law = (fields) =>
  ["device", "hwaddr", "kernelpath", "pciBusID"].some((key) => isSet(fields[key]) || isOpaque(fields[key])) ||
  isFields(fields.runtimeConfig)
    ? []
    : [{ key: ["type"], problem: "`host-device` needs one of `device`, `hwaddr`, `kernelpath` and `pciBusID`" }];

const bondMtu: Law = ({ mtu }) =>
  typeof mtu === "number" && mtu !== 0 && mtu < 68
    ? [{ key: ["mtu"], problem: `an MTU of ${mtu} is below 68, the least that IPv4 needs` }]
    : [];

const laws: Readonly<Record<string, readonly Law[]>> = {
  bandwidth: [requireTogether("ingressRate", "ingressBurst"), requireTogether("egressRate", "egressBurst")],
  bridge: [forbidTogether("hairpinMode", "promiscMode", "a bridge does one or the other"), trunk, noAddressWithoutLink],
  portmap: [
    forbidTogether("markMasqBit", "externalSetMarkChain", "either the plugin marks packets, or a chain of yours does"),
  ],
  sriov: [needs("vlanQoS", "vlan"), needs("vlanProto", "vlan"), rates],
  bond: [bondMtu],
};

/** What a plugin would refuse about its fields taken together. */
export function checkConstraints(
  type: string | undefined,
  fields: Fields,
  hasResource: boolean,
): readonly ConstraintViolation[] {
  if (type === "host-device") return hasResource ? [] : oneDevice(fields);
  return type === undefined || !Object.hasOwn(laws, type) ? [] : (laws[type] ?? []).flatMap((law) => law(fields));
}
