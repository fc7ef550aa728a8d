import type { DeclaredContainer, DeclaredPort, DeclaredWorkload } from "../ir/project.ts";
import type { DeclaredSpec } from "./types.ts";

/** A declared workload with every default filled in. */
export function readDeclaredWorkload(spec: DeclaredSpec): DeclaredWorkload {
  const { namespace, kind, name, podLabels } = spec;
  return {
    namespace,
    kind,
    name,
    podLabels,
    selector: spec.selector,
    serviceAccount: spec.serviceAccount,
    replicas: spec.replicas,
    strategy: spec.strategy,
    containers: containersOf(spec.containers),
    initContainers: containersOf(spec.initContainers),
    ports: (spec.ports ?? []).flatMap(portOf),
    release: spec.release,
  };
}

function containersOf(list: DeclaredSpec["containers"]): readonly DeclaredContainer[] {
  return (list ?? []).map((one) =>
    typeof one === "string" ? { name: one, drop: [] } : { name: one.name, drop: one.drop ?? [] },
  );
}

function portOf({ name, port }: NonNullable<DeclaredSpec["ports"]>[number]): readonly DeclaredPort[] {
  const [protocol, number] = port.split("/");
  return [{ name, number: Number(number), protocol: protocol as DeclaredPort["protocol"] }];
}
