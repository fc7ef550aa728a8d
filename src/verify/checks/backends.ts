import { fieldsAt, holds, isFields, listAt, type Manifest, textAt } from "../model/manifests/manifest.ts";

/** A Service by its name. */
interface Backend {
  readonly namespace: string;
  readonly name: string;
}

/** Services that an Ingress (networking.k8s.io/v1) or a route of the Gateway API leads to. */
export function backendsOf(entry: Manifest): readonly Backend[] {
  const { value, namespace } = entry;
  if (entry.kind === "Ingress") {
    const paths = listAt(value, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths"));
    const all = [fieldsAt(value, "spec", "defaultBackend"), ...paths.map((path) => fieldsAt(path, "backend"))];
    return all.flatMap((backend) => {
      const name = textAt(backend, "service", "name");
      return name === undefined ? [] : [{ namespace, name }];
    });
  }
  return listAt(value, "spec", "rules").flatMap((rule) =>
    listAt(rule, "backendRefs").flatMap((backend): Backend[] => {
      const name = textAt(backend, "name");
      const isService = isFields(backend) && (!holds(backend, "kind") || backend.kind === "Service");
      return name === undefined || !isService ? [] : [{ namespace: textAt(backend, "namespace") ?? namespace, name }];
    }),
  );
}
