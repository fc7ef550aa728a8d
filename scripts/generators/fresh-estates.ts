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
  const total = `Together ${sumOf("carried")} of ${sumOf("networks")} networks are carried (${shareOf(sumOf("carried"), sumOf("networks"))}), ${sumOf("asTheyStand")} of them as they stand: their configuration is copied, and \`verify\` does not model it.`;
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
  const total = `Errors and warnings of all four: ${sumOf("findings")}. Confirmed by reading the manifests: ${sumOf("confirmed")}. So few findings establish no rate.`;
  return `${INTRODUCTION}
| repository | commit | errors | warnings | confirmed | seen by a reader, and not by lint |
|---|---|--:|--:|--:|---|
${rows.join("\n")}

${total}
`;
}
