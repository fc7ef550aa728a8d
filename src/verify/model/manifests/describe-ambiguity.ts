import type { YamlAmbiguity } from "../../../yaml/go-yaml-dialect.ts";

/** Why a text is not read that the tools of Kubernetes would read in two ways, or not at all. */
export function describeAmbiguity({ what, word }: YamlAmbiguity): string {
  switch (what) {
    case "word":
      return `\`${word}\` is one thing to kubectl and another to Kustomize`;
    case "merge":
      return `its merge key \`<<\` cannot be followed: ${word}`;
    case "tag":
      return `the tag \`${word}\` is not taken`;
    case "number":
      return `\`${word}\` is no number that JSON can hold`;
  }
}
