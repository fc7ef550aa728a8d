import { defineRules } from "../../diagnostics/rules.ts";

interface Missing {
  readonly target: string;
  readonly what: string;
  /** The target has a part of it, and that is not enough here. */
  readonly partly: boolean;
}

export const missing = ({ target, what, partly }: Missing) =>
  partly ? `target ${target} has ${what} only in part, and not what is needed here` : `target ${target} has no ${what}`;

const quoted = (of: Missing) => missing({ ...of, target: `\`${of.target}\`` });

export const targetRules = defineRules("target", {
  "unknown-target": {
    severity: "error",
    message: ({ name }: { name: string }) => `no target is called \`${name}\``,
    label: "not a target",
  },
  "never-emitted": {
    severity: "error",
    message: ({ name }: { name: string }) => `nothing released implements \`${name}\``,
    label: "nothing would read it",
  },
  experimental: {
    severity: "error",
    message: ({ what }: { what: string }) => `experimental: ${what}`,
    label: "not enabled",
    help: "set `experimental: true` in plumbline.yaml",
  },
  lost: {
    severity: "note",
    message: ({ intent, ...of }: Missing & { readonly intent: string }) =>
      `${quoted(of)}: ${intent} is compiled without this`,
    label: "left out because of `allowLoss`",
  },
  unsupported: {
    severity: "error",
    message: quoted,
    label: ({ target }: Missing) => `not with ${target}`,
  },
});
