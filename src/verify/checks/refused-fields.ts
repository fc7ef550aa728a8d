import { type ClassRefusal, findRefusals } from "../../cni/classify.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedLink } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { type Fields, formatName, locateInManifest, type ReadManifest, readText } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { readConflist } from "../model/networks/read-network.ts";
import { verifyRules } from "../rules.ts";

/**
 * Fields and sysctls of written networks that no class accepts. The model reads what it knows of: any other field may make
 * the node a router, keep pods apart, or put them into another network.
 */
export function checkRefusedFields(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const links = new Map(watch.expected.links.map((one) => [one.network, one]));
  const taken = new Set(watch.expected.links.flatMap((one) => one.takesOver));
  // What is written as it stood is an assumption of its own, and no intent says what flows there.
  const kept = new Set(watch.expected.kept);
  return model.written
    .filter((one) => one.kind === "NetworkAttachmentDefinition" && !kept.has(`${one.namespace}/${one.name}`))
    .flatMap((manifest) => {
      const existing = taken.has(`${manifest.namespace}/${manifest.name}`);
      return refusedIn(manifest, links.get(manifest.intent ?? ""), existing);
    });
}

function refusedIn(manifest: ReadManifest, link: ExpectedLink | undefined, existing: boolean): readonly Diagnostic[] {
  const plugins = readConflist(readText(manifest.value, "spec", "config"));
  // What cannot be read is told where networks are read.
  if (typeof plugins === "string") return [];
  const ipv6 = link?.subnets.some((one) => one.family === 6) ?? true;
  const found = plugins.flatMap((plugin, index) => {
    const { type, ...fields } = plugin;
    return typeof type === "string" ? findRefusals(type, fields, index > 0, { of: "object", existing, ipv6 }) : [];
  });
  const apart = existing || link?.apart === true ? [] : keptApart(plugins[0] as Fields);
  return [...found, ...apart].map(({ what, why }) =>
    verifyRules.diagnose("refused-field", locateInManifest(manifest, "spec", "config"), {
      network: formatName(manifest),
      what,
      why,
    }),
  );
}

/** Values that plumbline writes where members are not to reach each other, and only there. */
function keptApart(first: Fields): readonly ClassRefusal[] {
  const apart = (what: string): ClassRefusal => ({
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
