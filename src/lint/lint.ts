import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { RuleTable } from "../diagnostics/rules.ts";
import type { SourceFile } from "../source/source-file.ts";
import { checkAnnotationPlaces, checkPodAnnotations } from "./annotation/check-annotations.ts";
import { checkNetworkList } from "./annotation/check-network-list.ts";
import { annotationRules } from "./annotation/rules.ts";
import { checkKind } from "./check-kind.ts";
import { createFinding, type LintFinding } from "./finding.ts";
import { applyFixes } from "./fix.ts";
import { checkVirtualMachine } from "./kubevirt/machine.ts";
import { kubevirtRules } from "./kubevirt/rules.ts";
import { checkNad, checkText } from "./nad/check-nad.ts";
import { nadRules } from "./nad/rules.ts";
import { checkOperator } from "./operators/check-operator.ts";
import { operatorRules } from "./operators/rules.ts";
import { checkPolicy } from "./policy/check-policy.ts";
import { mnpRules } from "./policy/rules.ts";
import { checkDuplicateKeys } from "./read/duplicate-keys.ts";
import type { LintObject } from "./read/lint-object.ts";
import { type LintInput, readFiles } from "./read/read-files.ts";
import { followKustomizations, relaxAcrossFiles } from "./repository/applied-together.ts";
import { checkBonds, checkStacked } from "./repository/check-bonds.ts";
import { checkDefaultRanges } from "./repository/check-default-ranges.ts";
import { checkNetworks } from "./repository/check-networks.ts";
import { checkOperators } from "./repository/check-operators.ts";
import { checkPeers } from "./repository/check-peers.ts";
import { checkPlatforms } from "./repository/check-platforms.ts";
import { checkPolicies } from "./repository/check-policies.ts";
import { checkReferences } from "./repository/check-references.ts";
import { checkRequests } from "./repository/check-requests.ts";
import { checkRoutes } from "./repository/check-routes.ts";
import { checkShared } from "./repository/check-shared.ts";
import { type Repository, readRepository } from "./repository/repository.ts";
import { listNetworkUses } from "./repository/uses.ts";
import { lintRules } from "./rules.ts";
import { checkSriov } from "./sriov/check-sriov.ts";
import { sriovRules } from "./sriov/rules.ts";
import { applySuppressions } from "./suppress.ts";
import { isSafeInTemplate } from "./template-safe.ts";
import { checkUdn } from "./udn/check-udn.ts";
import { udnRules } from "./udn/rules.ts";

/** Rules of lint, in the order in which a run meets them. */
export const lintRuleTables: readonly RuleTable[] = [
  lintRules,
  nadRules,
  annotationRules,
  mnpRules,
  udnRules,
  sriovRules,
  operatorRules,
  kubevirtRules,
];

const codes = lintRuleTables.flatMap(({ owner, table }) => Object.keys(table).map((slug) => `${owner}/${slug}`));

export interface LintResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly findings: readonly LintFinding[];
  /** Documents that speak of networks and were read as they are. */
  readonly read: number;
  /** Files of which templates hide a part: only what does not depend on it was judged. */
  readonly templated: readonly string[];
  /** Files of which a document could not be read. */
  readonly unread: readonly string[];
}

/** Hand-written networks of a repository, judged by what Multus and the plugins would make of them. Pure. */
export function lintFiles(files: readonly SourceFile[]): LintResult {
  const read = readFiles(files);
  const repository = readRepository(read.objects, read.unreadNetworks, followKustomizations(read.kustomizations));
  const findings = applySuppressions(
    [
      ...unreadable(read),
      ...read.slow.flatMap(checkDuplicateKeys),
      ...each(read.objects, repository),
      ...across(repository).map((one) => relaxAcrossFiles(one, repository.joined)),
    ].filter(certainty()),
    read.files,
    codes,
  );
  return {
    diagnostics: findings.map((one) => one.diagnostic),
    findings,
    read: read.documents,
    templated: read.templated,
    unread: [...new Set(read.unread.map((one) => one.part.file.path))],
  };
}

function unreadable({ unread }: LintInput): readonly LintFinding[] {
  return unread
    .filter(({ part }) => !part.templated)
    .map(({ part, offset }) => {
      // What misses its end is wrong up to the last line.
      const last = part.file.text.slice(0, part.start + part.text.length).trimEnd().length;
      const start = Math.max(0, Math.min(offset, last - 1));
      return createFinding(
        lintRules.diagnose("unreadable", { file: part.file, start, end: Math.min(start + 1, last) }, {}),
      );
    });
}

/** Every object on its own. */
function each(objects: readonly LintObject[], repository: Repository): readonly LintFinding[] {
  return [
    ...objects.flatMap(checkKind),
    ...repository.nads.flatMap(checkNad),
    ...repository.written.flatMap(checkText),
    ...repository.sites.flatMap(checkAnnotationPlaces),
    ...repository.asked.flatMap((asked) => [...checkNetworkList(asked), ...checkPodAnnotations(asked)]),
    ...repository.policies.flatMap(checkPolicy),
    ...repository.udns.flatMap(checkUdn),
    ...repository.sriov.flatMap(checkSriov),
    ...objects.flatMap(checkOperator),
    ...repository.machines.flatMap(checkVirtualMachine),
  ];
}

function across(repository: Repository): readonly LintFinding[] {
  const uses = listNetworkUses(repository);
  return [
    ...checkReferences(repository),
    ...checkRequests(uses),
    ...checkRoutes(uses),
    ...checkBonds(uses),
    ...checkStacked(uses),
    ...checkShared(repository, uses),
    ...checkOperators(repository),
    ...checkNetworks(repository),
    ...checkPolicies(repository),
    ...checkPeers(repository),
    ...checkPlatforms(repository),
    ...checkDefaultRanges(repository),
  ];
}

/** Which findings hold whatever templates fill in. Each file is looked through once, however many findings it has. */
function certainty(): (finding: LintFinding) => boolean {
  const templated = new Map<SourceFile, boolean>();
  return ({ diagnostic }) => {
    const { place } = diagnostic;
    const file = place && "file" in place ? place.file : undefined;
    if (!file || isSafeInTemplate(diagnostic.code)) return true;
    const known = templated.get(file) ?? /\{\{|\{%/.test(file.text);
    templated.set(file, known);
    return !known;
  };
}

/** Rounds of fixes at most: one fix may bring another finding to light. */
const ROUNDS_MAX = 10;

export interface FixResult {
  /** Files that changed, with their new text. */
  readonly changed: readonly SourceFile[];
  /** What is left. */
  readonly result: LintResult;
}

/** Makes the edits that need no choice, until there are none. */
export function fixFiles(files: readonly SourceFile[]): FixResult {
  const current = new Map(files.map((file) => [file.path, file]));
  const changed = new Map<string, SourceFile>();
  let result = lintFiles(files);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const edits = applyFixes(result.findings);
    if (edits.length === 0) break;
    for (const file of edits) {
      current.set(file.path, file);
      changed.set(file.path, file);
    }
    result = lintFiles([...current.values()]);
  }
  return { changed: [...changed.values()], result };
}
