/** A repository that nobody had looked at before, as import and lint judged it at the first run. */
interface FreshEstate {
  readonly repository: string;
  readonly commit: string;
  readonly networks: number;
  readonly carried: number;
  readonly asTheyStand: number;
  readonly same: number;
  readonly told: number;
  /** Errors and warnings of lint, and how many of them the manifests confirm. */
  readonly findings: number;
  readonly errors: number;
  readonly confirmed: number;
  /** What the manifests suggest is wrong, and lint does not say. */
  readonly missed: string;
}

/** Figures of `scripts/score-estates.ts`, and of somebody who read the manifests. Nothing was changed in between. */
const fresh: readonly FreshEstate[] = [
  {
    repository: "Charlz234/free5gc-k8s",
    commit: "2a1b21a893949ab473d19dc402f1a5df72765b39",
    networks: 3,
    carried: 3,
    asTheyStand: 3,
    same: 3,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "one fixed address in three networks of one namespace",
  },
  {
    repository: "rust84/k8s-gitops",
    commit: "c4f7d775f95741537ba55514b31cc7bf1a5ba458",
    networks: 2,
    carried: 2,
    asTheyStand: 1,
    same: 2,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "s0undy/home-ops",
    commit: "8480a991d93ea9abfe5a9d32300c89edd75d0144",
    networks: 1,
    carried: 1,
    asTheyStand: 0,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "too-common-name/ocp-virt-experiments",
    commit: "6c38744b0c1e4575d39b679129582b6a2719db48",
    networks: 1,
    carried: 1,
    asTheyStand: 1,
    same: 0,
    told: 1,
    findings: 1,
    errors: 0,
    confirmed: 1,
    missed: "",
  },
  {
    repository: "aws-samples/eks-nonintrusive-automated-ipmgmt-multus-pods",
    commit: "3ce2b6c2e5e86da983e82181a7f70844170c119d",
    networks: 1,
    carried: 1,
    asTheyStand: 0,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "blackjid/home-ops",
    commit: "1afa7d3869ac36cf840726763ebb34ef61f849c1",
    networks: 1,
    carried: 1,
    asTheyStand: 0,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "frantathefranta/home-ops",
    commit: "642f7f3a75c618a5d9660dc4aa794bc2e15ad361",
    networks: 4,
    carried: 4,
    asTheyStand: 3,
    same: 4,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "infinitydon/cw-multus-ipam-cni",
    commit: "fcf5c905e23fc654f970a5c492c5c861cde5670b",
    networks: 13,
    carried: 12,
    asTheyStand: 12,
    same: 12,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "k8snetworkplumbingwg/multus-dynamic-networks-controller",
    commit: "7b7d8941952ac168d718c21a53b482d0f7cae593",
    networks: 1,
    carried: 1,
    asTheyStand: 0,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "kireque/home-ops",
    commit: "4a3db8340fc80b9ba3f9f55719b0d41cb18070c0",
    networks: 2,
    carried: 2,
    asTheyStand: 0,
    same: 2,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "marcocondrache/hive",
    commit: "454b77beb1d7781dd26b53f14a9537fe3ec2960a",
    networks: 2,
    carried: 2,
    asTheyStand: 0,
    same: 2,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "mcfio/home-cluster",
    commit: "238c572195695f46952c78b3693c934a87a07b38",
    networks: 1,
    carried: 1,
    asTheyStand: 1,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "rcdailey/home-ops",
    commit: "8448054ca585dabb981782ae026b81989ea95c39",
    networks: 1,
    carried: 1,
    asTheyStand: 0,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "solanyn/home-ops",
    commit: "03fd1aea0e36397ded13003ce1b701d2a76bc526",
    networks: 2,
    carried: 2,
    asTheyStand: 2,
    same: 2,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "tom1299/multus-playground",
    commit: "549ed2d39bd2a44feb9540e1c85af98d796231d4",
    networks: 1,
    carried: 1,
    asTheyStand: 0,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "tscibilia/home-ops",
    commit: "959aefa03ca641a6ea3695bf6bac2d1f9ea82706",
    networks: 2,
    carried: 2,
    asTheyStand: 1,
    same: 2,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
  {
    repository: "vrozaksen/home-ops",
    commit: "7d368ecdaae411b40d8bc1c01e8e32ac7569a8d4",
    networks: 1,
    carried: 1,
    asTheyStand: 0,
    same: 1,
    told: 0,
    findings: 0,
    errors: 0,
    confirmed: 0,
    missed: "",
  },
];

const INTRODUCTION = `## Whole repositories that nobody had looked at

Each repository as a whole, at the first run: nothing was changed between the first look and these figures. They are few
and small, so the shares are rough. A repository that turned out to have no network was replaced by another one.
`;

function shareOf(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.floor((100 * part) / whole)} %`;
}

function sumOf(key: "networks" | "carried" | "asTheyStand" | "same" | "told" | "findings" | "errors" | "confirmed") {
  return fresh.reduce((sum, one) => sum + one[key], 0);
}

export function freshImports(): string {
  const rows = fresh.map(
    (one) =>
      `| ${one.repository} | \`${one.commit.slice(0, 12)}\` | ${one.networks} | ${one.carried} | ${one.asTheyStand} | ${one.same} | ${one.told} |`,
  );
  const total = `Together ${sumOf("carried")} of ${sumOf("networks")} networks are carried (${shareOf(sumOf("carried"), sumOf("networks"))}), ${sumOf("asTheyStand")} of them as they stand: their configuration is copied, and \`verify\` does not model it. Of the 40 annotations in the thirteen repositories that were added last, 28 are values of charts and operators, which stay as they are, and 7 name networks that are carried as they stand.`;
  return `${INTRODUCTION}
| repository | commit | networks | carried | of these as they stand | the same afterwards | a difference that the report names |
|---|---|--:|--:|--:|--:|--:|
${rows.join("\n")}

${total}
`;
}

export function freshFindings(): string {
  const rows = fresh.map(
    (one) =>
      `| ${one.repository} | \`${one.commit.slice(0, 12)}\` | ${one.errors} | ${one.findings - one.errors} | ${one.confirmed} | ${one.missed} |`,
  );
  const total = `Errors and warnings of all ${fresh.length}: ${sumOf("findings")}. Confirmed by reading the manifests: ${sumOf("confirmed")}. So few findings establish no rate.`;
  return `${INTRODUCTION}
| repository | commit | errors | warnings | confirmed | seen by a reader, and not by lint |
|---|---|--:|--:|--:|---|
${rows.join("\n")}

${total}
`;
}
