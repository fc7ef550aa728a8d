import type { Manifest, Metadata } from "../../../ir/manifest.ts";
import type { Ownership } from "../../../ir/plan.ts";
import { hashContent } from "../../../net/hash.ts";

export const MANAGED_BY = "app.kubernetes.io/managed-by";
export const INTENT = "plumbline.dev/intent";
export const SYNC_WAVE = "argocd.argoproj.io/sync-wave";

/** Argo CD applies lower waves first. Pods come at 0, so what they need is below. */
export const SYNC_WAVES = { namespace: -3, network: -2, policy: -1, gateway: 0 } as const;

/** A label value has at most 63 characters and no slash; the annotation keeps the whole id. */
export function formatIntentLabel(intent: string): string {
  const plain = intent.replace("/", ".");
  return plain.length <= 63 ? plain : `${plain.slice(0, 54)}-${hashContent(plain, 8)}`;
}

export interface ManifestHead {
  readonly name: string;
  readonly namespace?: string;
  readonly wave: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Metadata that says whose the object is and when it is applied. */
export function buildMetadata(head: ManifestHead, intent: string | undefined): Metadata {
  return {
    name: head.name,
    ...(head.namespace !== undefined && { namespace: head.namespace }),
    labels: { [MANAGED_BY]: "plumbline", ...head.labels },
    annotations: {
      [SYNC_WAVE]: String(head.wave),
      ...(intent !== undefined && { [INTENT]: intent }),
      ...head.annotations,
    },
  };
}

/** An object of an intent. */
export function buildManifest(
  what: { readonly apiVersion: string; readonly kind: string; readonly template: string; readonly file: string },
  head: ManifestHead,
  owner: Ownership | undefined,
  data: Readonly<Record<string, unknown>>,
  parts?: Manifest["parts"],
): Manifest {
  return {
    ...what,
    ...(parts && { parts }),
    metadata: buildMetadata(head, owner?.intent),
    intent: owner?.intent,
    origin: owner?.origin,
    data,
  };
}

/** File of an intent's objects: its kind's folder and its name. */
export function formatIntentPath(role: "zone" | "external" | "network" | "vpn" | "firewall", intent: string): string {
  const folder = { zone: "zones", external: "externals", network: "networks", vpn: "vpns", firewall: "pairs" }[role];
  return `${folder}/${intent.slice(intent.indexOf("/") + 1)}.yaml`;
}
