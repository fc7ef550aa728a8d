import { isMap, isScalar, type Scalar, visit } from "yaml";
import { createFinding, type LintFinding } from "../finding.ts";
import { lintRules } from "../rules.ts";
import { composePart } from "./compose.ts";
import type { LintDocument } from "./lint-document.ts";

/** Keys that stand twice in one object of YAML: readers take the last, and kustomize takes none. */
export function checkDuplicateKeys(doc: LintDocument): readonly LintFinding[] {
  const { file, templated } = doc.part;
  // Branches of a template may have one key each.
  if (templated) return [];
  const { document, inFile } = composePart(doc.part);
  const findings: LintFinding[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Map<string, Scalar>();
      for (const { key } of map.items) {
        if (!isScalar(key) || !key.range || key.value === "<<") continue;
        const name = String(key.value);
        const first = seen.get(name);
        seen.set(name, key);
        if (!first?.range) continue;
        const place = (range: readonly number[]) => ({
          file,
          start: inFile(range[0] as number),
          end: inFile((range[1] as number) - 1) + 1,
        });
        const related = [{ place: place(first.range), label: "its value is lost" }];
        findings.push(createFinding(lintRules.diagnose("duplicate-key", place(key.range), { key: name }, { related })));
      }
    },
  });
  return isMap(document.contents) ? findings : [];
}
