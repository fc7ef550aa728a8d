import type { NodePlace, SourceDocument } from "../source/place.ts";

/** What an object of any kind looks like before its kind has read its spec. */
export interface Intent<Spec = unknown> {
  readonly kind: string;
  readonly name: string;
  /** `isolationzone/pci`: how diagnostics, the lock and labels call it. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly formerName: string | undefined;
  readonly doc: SourceDocument;
  readonly spec: Spec;
}

/** Fields that every kind's spec may have. */
export interface CommonSpec {
  readonly description?: string;
  readonly clusters?: readonly string[];
  readonly target?: string;
  readonly overrides?: Readonly<Record<string, object>>;
}

/** An intent as it holds in one cluster: its spec with the overrides of that cluster merged in. */
export interface Instance<Spec = unknown> {
  readonly intent: Intent;
  readonly cluster: string;
  readonly spec: Spec;
  /** Where a field stands: in `overrides` of this cluster if it is given there, else in the spec. */
  at(...path: (string | number)[]): NodePlace;
}

/** One end of a rule, an opening or an expectation; exactly one of its keys is there. */
export interface Party {
  readonly zone?: string;
  readonly external?: string;
  /** Hosts of a Network, and what is behind its gateway; not its members. */
  readonly network?: string;
  readonly host?: string;
  readonly vpn?: string;
  readonly cidr?: string;
  readonly workload?: { readonly namespace: string; readonly kind: string; readonly name: string };
}

/** Kubernetes label selector (apimachinery meta/v1 LabelSelector). */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}
