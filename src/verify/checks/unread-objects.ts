import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Place } from "../../source/place.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest, type ReadManifest } from "../model/manifests/manifest.ts";
import type { UnreadEffect } from "../model/manifests/unread-kinds.ts";
import type { Model } from "../model/model.ts";
import { type Labels, readSelector, type Selector } from "../model/policies/selector.ts";
import { verifyRules } from "../rules.ts";

/** Whose pods are proved in a namespace. */
interface Proved {
  readonly namespace: string;
  readonly what: string;
  readonly origin: Place | undefined;
}

/**
 * Policies of network plugins' own kinds, and what changes pods as they are made: nobody reads those here, so what they do
 * to a zone or a gateway is not in what is proved.
 */
export function checkUnreadObjects(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  if (model.unread.length === 0) return [];
  const written = new Set(model.written.map(formatName));
  const proved = provedNamespaces(watch);
  const byName = new Map(proved.map((one) => [one.namespace, one]));
  const selected = new Map<string, Proved | undefined>();
  const meant = (selector: Selector) => {
    if (!selected.has(selector.key))
      selected.set(
        selector.key,
        proved.find((one) => maySelect(selector, labelsOf(one.namespace, model))),
      );
    return selected.get(selector.key);
  };
  return model.unread.flatMap(({ manifest, does, namespaces, selectors }) => {
    // Policies of admission in out/ are read, and what is not known of them is an error.
    if ((does === "changes" || does === "rewires" || does === "weakens") && written.has(formatName(manifest)))
      return [];
    const read = selectors.map(readSelector).map((one) => (typeof one === "string" ? proved[0] : meant(one)));
    const hit = (namespaces?.map((one) => byName.get(one)) ?? read).find((one) => one !== undefined);
    return hit ? [say(manifest, does, hit)] : [];
  });
}

const LEFT_OUT = "leave this namespace out by its `namespaceSelector`";
const EFFECTS: Readonly<Record<UnreadEffect, readonly [effect: string, help: string]>> = {
  filters: ["open or close", "write what it lets through as an intent, and keep it off this namespace"],
  redirects: ["lead elsewhere what is sent by", "let it match a Service of another namespace, and no address"],
  changes: ["change the pods of", LEFT_OUT],
  rewires: ["change the networks of", LEFT_OUT],
  weakens: [
    "change the policies of",
    "leave ConfigMaps and policies out of its `rules`, or this namespace and `plumbline-guards` by its `namespaceSelector`",
  ],
};

function say(manifest: ReadManifest, does: UnreadEffect, { what: where, origin }: Proved): Diagnostic {
  const [effect, help] = EFFECTS[does];
  const related = origin ? [{ place: origin, label: "verified without it" }] : [];
  const place = locateInManifest(manifest, "metadata", "name");
  return verifyRules.diagnose("unread-object", place, { what: formatName(manifest), effect, where }, { related, help });
}

function provedNamespaces({ expected }: ExpectedIndex): readonly Proved[] {
  return [
    ...expected.zones
      .filter((zone) => !zone.audit)
      .flatMap(({ namespaces, id, origin }) => namespaces.map((namespace) => ({ namespace, what: id, origin }))),
    ...expected.gatewayNamespaces.map(({ name, origin }) => ({ namespace: name, what: `gateways in ${name}`, origin })),
    ...expected.externallyManaged.flatMap(({ intent, nodes }) =>
      nodes.map((node) => ({ namespace: /^\S+ ([^/]+)\//.exec(node)?.[1] ?? "", what: intent, origin: undefined })),
    ),
  ];
}

function labelsOf(namespace: string, { namespaces }: Model): Labels {
  return namespaces.get(namespace) ?? { "kubernetes.io/metadata.name": namespace };
}

/** Whether a selector may mean a namespace. Labels that no manifest shows may be there all the same. */
function maySelect({ requirements }: Selector, labels: Labels): boolean {
  const known = Object.keys(labels).length > 1;
  return requirements.every(({ key, operator, values }) => {
    const value = labels[key];
    if (value === undefined) return !known || operator === "NotIn" || operator === "DoesNotExist";
    if (operator === "Exists" || operator === "DoesNotExist") return operator === "Exists";
    return values.has(value) === (operator === "In");
  });
}
