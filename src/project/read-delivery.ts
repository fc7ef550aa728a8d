import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ArgoCdDelivery, Delivery, FluxDelivery, Project } from "../ir/project.ts";
import { placeAt, placeAtKey } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { projectRules } from "./rules.ts";
import type { DeliverySpec } from "./types.ts";

/** How the output reaches the clusters, with every default filled in. */
export function readDelivery(spec: DeliverySpec, projectName: string): Delivery {
  return {
    patches: spec.patches ?? "component",
    gitops: spec.gitops ?? "none",
    argocd: readArgoCd(spec.argocd ?? {}),
    flux: readFlux(spec.flux ?? {}, projectName),
  };
}

function readArgoCd({ destination, ...spec }: NonNullable<DeliverySpec["argocd"]>): ArgoCdDelivery {
  return {
    repoURL: spec.repoURL,
    revision: spec.revision ?? "main",
    project: spec.project ?? "default",
    namespace: spec.namespace ?? "argocd",
    pathPrefix: spec.pathPrefix ?? "",
    destination:
      destination?.server === undefined ? { name: destination?.name ?? "{cluster}" } : { server: destination.server },
    applicationSet: spec.applicationSet ?? false,
  };
}

function readFlux({ sourceRef, ...spec }: NonNullable<DeliverySpec["flux"]>, projectName: string): FluxDelivery {
  return {
    sourceRef: {
      kind: sourceRef?.kind ?? "GitRepository",
      name: sourceRef?.name ?? projectName,
      namespace: sourceRef?.namespace,
    },
    dependsOn: spec.dependsOn ?? [],
    pathPrefix: spec.pathPrefix ?? "",
    timeout: spec.timeout,
    namespace: spec.namespace ?? "flux-system",
  };
}

/** Keys that nothing reads, and what Argo CD cannot work with. */
export function checkDelivery({ doc, delivery }: Project): readonly Diagnostic[] {
  const { gitops, argocd } = delivery;
  const found: Diagnostic[] = [];
  const is = (...path: readonly string[]) => findValue(doc.value, ["spec", "delivery", ...path]) !== undefined;
  for (const key of ["argocd", "flux"] as const)
    if (is(key) && gitops !== key)
      found.push(projectRules.diagnose("unused-delivery", placeAtKey(doc, "spec", "delivery", key), { key, gitops }));
  if (is("argocd", "destination", "name") && is("argocd", "destination", "server"))
    found.push(
      projectRules.diagnose(
        "destination-twice",
        placeAtKey(doc, "spec", "delivery", "argocd", "destination", "server"),
        {},
      ),
    );
  if (gitops === "argocd" && argocd.repoURL === undefined)
    found.push(projectRules.diagnose("repository-not-named", placeAt(doc, "spec", "delivery", "gitops"), {}));
  return found;
}
