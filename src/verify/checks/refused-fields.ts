import { type Refusal, refusalsOf } from "../../cni/classify.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { MeantLink } from "../expected/expected.ts";
import type { Watch } from "../expected/index.ts";
import { type Fields, type Manifest, nameOf, placeIn, textAt } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { readConflist } from "../model/networks/read-network.ts";
import { verifyRules } from "../rules.ts";

/**
 * Fields and sysctls of written networks that no class accepts. The model reads what it knows of: any other field may make
 * the node a router, keep pods apart, or put them into another network.
 */
export function refusedFields(model: Model, watch: Watch): readonly Diagnostic[] {
  const links = new Map(watch.meaning.links.map((one) => [one.network, one]));
  const taken = new Set(watch.meaning.links.flatMap((one) => one.takesOver));
  // What is written as it stood is an assumption of its own, and no intent says what flows there.
  const kept = new Set(watch.meaning.kept);
  return model.written
    .filter((one) => one.kind === "NetworkAttachmentDefinition" && !kept.has(`${one.namespace}/${one.name}`))
    .flatMap((manifest) => {
      const existing = taken.has(`${manifest.namespace}/${manifest.name}`);
      return refusedIn(manifest, links.get(manifest.intent ?? ""), existing);
    });
}

function refusedIn(manifest: Manifest, link: MeantLink | undefined, existing: boolean): readonly Diagnostic[] {
  const plugins = readConflist(textAt(manifest.value, "spec", "config"));
  // What cannot be read is told where networks are read.
  if (typeof plugins === "string") return [];
  const ipv6 = link?.subnets.some((one) => one.family === 6) ?? true;
  const found = plugins.flatMap((plugin, index) => {
    const { type, ...fields } = plugin;
    return typeof type === "string" ? refusalsOf(type, fields, index > 0, { of: "object", existing, ipv6 }) : [];
  });
  const apart = existing || link?.apart === true ? [] : keptApart(plugins[0] as Fields);
  return [...found, ...apart].map(({ what, why }) =>
    verifyRules.diagnose("refused-field", placeIn(manifest, "spec", "config"), {
      network: nameOf(manifest),
      what,
      why,
    }),
  );
}

/** Values that plumbline writes where members are not to reach each other, and only there. */
function keptApart(first: Fields): readonly Refusal[] {
  const apart = (what: string): Refusal => ({
    path: [],
    what,
    why: "pods of one link then do not reach each other, and the intent says that they do",
    use: undefined,
  });
  return [
    ...(first.type === "macvlan" && first.mode === "private" ? [apart('`mode: "private"` of `macvlan`')] : []),
    ...(first.type === "bridge" && first.portIsolation === true ? [apart("`portIsolation: true` of `bridge`")] : []),
  ];
}
