import { ADMISSION_NAMESPACE } from "../model/guards/read-policies.ts";
import { type ReadManifest, readLabels, readText, readTexts } from "../model/manifests/manifest.ts";

/** The zone that a namespace is in, as an output says it. */
export interface Isolation {
  /** `isolationzone/pci`. */
  readonly id: string;
  readonly enforcement: "enforce" | "audit";
}

/** A namespace that enters or leaves a zone, or whose zone starts or stops to enforce. */
export interface IsolationChange {
  readonly namespace: string;
  /** Undefined: it is in no zone. */
  readonly before: Isolation | undefined;
  readonly after: Isolation | undefined;
  /** Whether something of the protection is gone. */
  readonly loss: boolean;
}

const ZONE = "zone-";

/** Namespaces with their zones. The guards of an output name every zone, whatever the target. */
export function readZones(manifests: readonly ReadManifest[]): ReadonlyMap<string, Isolation> {
  const audited = new Set(
    manifests
      .filter((one) => one.kind === "ValidatingAdmissionPolicyBinding")
      .filter((one) => !readTexts(one.value, "spec", "validationActions").includes("Deny"))
      .map((one) => readText(one.value, "spec", "paramRef", "name")),
  );
  const found = new Map<string, Isolation>();
  for (const { kind, namespace, name, value } of manifests) {
    if (kind !== "ConfigMap" || namespace !== ADMISSION_NAMESPACE || !name.startsWith(ZONE)) continue;
    const id = `isolationzone/${name.slice(ZONE.length)}`;
    const enforcement = audited.has(name) ? "audit" : "enforce";
    for (const member of Object.keys(readLabels(value, "data"))) found.set(member, { id, enforcement });
  }
  return found;
}

export function compareIsolation(
  before: ReadonlyMap<string, Isolation>,
  after: ReadonlyMap<string, Isolation>,
): readonly IsolationChange[] {
  const namespaces = [...new Set([...before.keys(), ...after.keys()])].sort();
  return namespaces.flatMap((namespace): IsolationChange[] => {
    const [was, is] = [before.get(namespace), after.get(namespace)];
    if (was?.id === is?.id && was?.enforcement === is?.enforcement) return [];
    const enforced = was?.enforcement === "enforce";
    return [{ namespace, before: was, after: is, loss: enforced && is?.enforcement !== "enforce" }];
  });
}
