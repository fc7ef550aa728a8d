import type { ConnectionChange, Detail } from "../../verify/report/connection-changes.ts";
import type { Difference } from "../../verify/report/diff.ts";
import {
  formatChangedServices,
  formatIsolationChange,
  formatLostFeature,
  formatNetworkChange,
  formatPolicyChange,
} from "../../verify/report/format/difference-text.ts";
import type { PageChange } from "./page-data.ts";

const MARK = { added: "+", changed: "~", removed: "-" } as const;

/** What changes, what opens first. */
export function buildPageChanges(difference: Difference): readonly PageChange[] {
  const none = { details: [], place: "" };
  const changes: PageChange[] = [
    ...difference.losses.map(
      (one): PageChange => ({ ...none, sort: "loss", effect: "opens", mark: "!", text: formatLostFeature(one) }),
    ),
    ...difference.isolation.map((one): PageChange => {
      const [effect, mark] = one.loss ? (["opens", "!"] as const) : (["closes", "~"] as const);
      return { ...none, sort: "isolation", effect, mark, text: formatIsolationChange(one) };
    }),
    ...difference.connections.map(connection),
    ...difference.networks.map((one): PageChange => {
      return {
        ...none,
        sort: "network",
        effect: "other",
        mark: "~",
        text: formatNetworkChange({ ...one, because: undefined }),
        place: one.because ?? "",
      };
    }),
    ...difference.guards.map(
      (one): PageChange => ({
        ...none,
        sort: "guard",
        effect: "other",
        mark: MARK[one.change],
        text: formatPolicyChange(one),
      }),
    ),
    ...difference.objects.map((one): PageChange => {
      const text = one.intent === undefined ? one.object : `${one.object} (${one.intent})`;
      return { ...none, sort: "object", effect: "other", mark: MARK[one.change], text, place: one.because ?? "" };
    }),
  ];
  const rank = { opens: 0, closes: 1, other: 2 } as const;
  return changes
    .map((one, index) => ({ one, index }))
    .sort((a, b) => rank[a.one.effect] - rank[b.one.effect] || a.index - b.index)
    .map(({ one }) => one);
}

function connection(change: ConnectionChange): PageChange {
  const detail = (word: string, { from, to, services }: Detail) => `${word} ${from} to ${to}: ${services.join(" ")}`;
  return {
    sort: "connection",
    effect: change.opened.length > 0 ? "opens" : "closes",
    mark: MARK[change.change],
    text: `${change.from} to ${change.to}: ${formatChangedServices(change)} (by ${change.way.join(" > ")})`,
    place: change.because.join(", "),
    details: [
      ...change.opened.map((one) => detail("opens", one)),
      ...change.closed.map((one) => detail("closes", one)),
    ],
  };
}
