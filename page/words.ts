import type { PageConnection } from "../src/answers/page/page-data.ts";

/** `pci` of `isolationzone/pci`; other names stay. */
export function short(id: string): string {
  const match = /^(?:isolationzone|externalnetwork|firewallpair|vpnegress|namespace|network)\/(.+)$/.exec(id);
  return match?.[1] ?? id;
}

export const ways: Readonly<Record<PageConnection["by"], string>> = {
  gateway: "through a gateway",
  link: "on one link",
  eth0: "on the pod network (eth0)",
};

export function wayText({ by, way }: PageConnection): string {
  return by === "eth0" ? "eth0" : way.map(short).join(" > ");
}

/** Whether a text has all words of a search. */
export function has(text: string, search: string): boolean {
  const low = text.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word));
}

export function textOf(one: PageConnection): string {
  return [
    one.from,
    one.to,
    ...one.services,
    ...one.way,
    ...one.fromPods,
    ...one.toPods,
    ...one.because.map((line) => line.place),
  ].join(" ");
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
