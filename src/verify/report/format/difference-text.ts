import type { ConnectionChange, Detail } from "../connection-changes.ts";
import type { Difference, Loss } from "../diff.ts";
import type { IsolationChange } from "../isolation-changes.ts";
import type { NetworkChange } from "../network-changes.ts";
import type { ObjectChange } from "../object-changes.ts";
import type { AdmissionPolicyChange } from "../policy-changes.ts";

const MARK = { added: "+", changed: "~", removed: "-" } as const;

type Paint = (text: string) => string;

/** Colours of what opens and what closes; without them the text is plain. */
export interface DifferenceColors {
  readonly opens: Paint;
  readonly closes: Paint;
}

const plain: DifferenceColors = { opens: (text) => text, closes: (text) => text };

export function formatDifference(difference: Difference, paints: DifferenceColors = plain): string {
  if (isEmpty(difference)) return "no difference\n";
  const { isolation, objects, networks, guards, connections, losses } = difference;
  const lines: string[] = [];
  if (losses.length > 0) lines.push("losses", ...losses.map((one) => paints.opens(`  ! ${formatLostFeature(one)}`)));
  if (isolation.length > 0) lines.push("isolation", ...isolation.map((one) => isolationText(one, paints)));
  if (connections.length > 0) lines.push("connections", ...connections.flatMap((one) => sentences(one, paints)));
  else lines.push("connections: the same");
  if (networks.length > 0) lines.push("networks", ...networks.map((one) => `  ~ ${formatNetworkChange(one)}`));
  if (guards.length > 0)
    lines.push("guards", ...guards.map((one) => `  ${MARK[one.change]} ${formatPolicyChange(one)}`));
  if (objects.length > 0)
    lines.push("objects", ...objects.map((one) => `  ${MARK[one.change]} ${one.object}${formatOrigin(one)}`));
  return `${lines.join("\n")}\n`;
}

export function isEmpty({ isolation, objects, networks, guards, connections, losses }: Difference): boolean {
  return [isolation, objects, networks, guards, connections, losses].every((one) => one.length === 0);
}

function isolationText(change: IsolationChange, { opens, closes }: DifferenceColors): string {
  return change.loss ? opens(`  ! ${formatIsolationChange(change)}`) : closes(`  ~ ${formatIsolationChange(change)}`);
}

/** `namespace cams is in no zone any more (before: isolationzone/cams)`. */
export function formatIsolationChange({ namespace, before, after, loss }: IsolationChange): string {
  const open = loss ? ": nothing isolates its pods" : "";
  if (after === undefined) return `namespace ${namespace} is in no zone any more (before: ${before?.id})${open}`;
  if (before === undefined) {
    const audit = after.enforcement === "audit" ? ", which only audits" : "";
    return `namespace ${namespace} is now in ${after.id}${audit}`;
  }
  if (before.id === after.id)
    return `namespace ${namespace}: ${after.id} changes from ${before.enforcement} to ${after.enforcement}${open}`;
  const audit = after.enforcement === "audit" ? ", which only audits" : "";
  return `namespace ${namespace} moves from ${before.id} to ${after.id}${audit}${open}`;
}

export function formatNetworkChange({ network, what, before, after, because }: NetworkChange): string {
  return `${network}: ${what} ${before} -> ${after}${because === undefined ? "" : `  (${because})`}`;
}

export function formatPolicyChange({ change, zone, namespace, network }: AdmissionPolicyChange): string {
  const admits = change === "added" ? "now also admits" : "no longer admits";
  return `zone ${zone}'s guard ${admits} network ${network}, for pods of namespace ${namespace}`;
}

function sentences(one: ConnectionChange, { opens, closes }: DifferenceColors): readonly string[] {
  const because = one.because.length > 0 ? `, ${one.because.join(", ")}` : "";
  const detail = (word: string, { from, to, services }: Detail) =>
    `      ${word} ${from} to ${to}: ${services.join(" ")}`;
  const paint = one.opened.length > 0 ? opens : closes;
  return [
    paint(
      `  ${MARK[one.change]} ${one.from} to ${one.to}: ${formatChangedServices(one)} (by ${one.way.join(" > ")})${because}`,
    ),
    ...one.opened.map((each) => opens(detail("opens", each))),
    ...one.closed.map((each) => closes(detail("closes", each))),
  ];
}

export function formatChangedServices({ before, after, change }: ConnectionChange): string {
  const [was, is] = [before.join(" "), after.join(" ")];
  if (change !== "changed") return change === "added" ? is : was;
  return was === is ? is : `${was} => ${is}`;
}

export function formatLostFeature({ code, text, at, leftOut, alsoLeftOut }: Loss): string {
  const place = at === undefined ? "" : `, ${at}`;
  const more = alsoLeftOut.length === 0 ? "" : `, and with it ${alsoLeftOut.join(", ")}`;
  return `${text} [${code}]${place}${leftOut === undefined ? "" : `; ${leftOut} is left out${more}`}`;
}

export function formatOrigin({ intent, because }: ObjectChange): string {
  if (intent === undefined) return "";
  return because === undefined ? `  (${intent})` : `  (${intent}, ${because})`;
}
