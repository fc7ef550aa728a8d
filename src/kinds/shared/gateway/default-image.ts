import type { Instance } from "../../../ir/intent.ts";
import type { Defaults, Project } from "../../../ir/project.ts";
import { placeAt } from "../../../source/place.ts";

interface WithImage {
  readonly image?: string;
  readonly adopt?: unknown;
}

/** A gateway that names no image has that of the project, at its line there. */
export function addDefaultImage<Spec extends WithImage>(
  instance: Instance<Spec>,
  role: keyof Defaults["images"],
  { doc, defaults }: Pick<Project, "doc" | "defaults">,
): Instance<Spec> {
  const image = defaults.images[role];
  const { spec } = instance;
  if (image === undefined || spec.image !== undefined || spec.adopt !== undefined) return instance;
  return {
    ...instance,
    spec: { ...spec, image },
    at: (...path) => (path[0] === "image" ? placeAt(doc, "spec", "defaults", "images", role) : instance.at(...path)),
  };
}
