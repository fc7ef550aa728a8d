/** APIs that were proposed, or named in talks, and that nothing released implements; with what lives in their place. */
const successors: Readonly<Record<string, string>> = {
  podnetwork: "DRA (target `dra`), or `ovn-kubernetes` where the cluster runs it; KEP-3698 was withdrawn",
  podnetworkattachment: "DRA (target `dra`); KEP-3698 was withdrawn",
  "kep-3698": "DRA (target `dra`); KEP-3698 was withdrawn",
  "multi-network": "the experimental target `network-kind`",
  kni: "DRA (target `dra`) with Multus as its CNI side (target `multus`)",
  "cni-2.0": "CNI 1.0.0 with Multus (target `multus`)",
  cni2: "CNI 1.0.0 with Multus (target `multus`)",
  "cni-dra-driver": "a DRA driver that is released (target `dra`, profiles dranet and sriov)",
};

/** The living successor of a name that plumbline never emits, or undefined for any other name. */
export function findMaintainedSuccessor(name: string): string | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(successors, key) ? successors[key] : undefined;
}
