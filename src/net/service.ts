export type Protocol = "tcp" | "udp" | "sctp" | "icmp";

/** What a connection is made to: a protocol and, but for ICMP, its ports. */
export interface Service {
  readonly protocol: Protocol;
  /** 1 to 65535; for ICMP both are 0. */
  readonly first: number;
  readonly last: number;
}

/** Reads `tcp/8443`, `udp/53`, `tcp/8000-8010`, `sctp/38412`, `icmp`. */
export function parseService(text: string): Service | undefined {
  if (text === "icmp") return { protocol: "icmp", first: 0, last: 0 };
  const match = /^(tcp|udp|sctp)\/(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const first = Number(match[2]);
  const last = Number(match[3] ?? match[2]);
  if (first < 1 || last > 65535 || first > last) return undefined;
  return { protocol: match[1] as Protocol, first, last };
}

export function formatService(service: Service): string {
  if (service.protocol === "icmp") return "icmp";
  const { protocol, first, last } = service;
  return first === last ? `${protocol}/${first}` : `${protocol}/${first}-${last}`;
}

/** Whether every connection to `inner` is one to `outer`. */
export function containsService(outer: Service, inner: Service): boolean {
  return outer.protocol === inner.protocol && outer.first <= inner.first && outer.last >= inner.last;
}

export function servicesOverlap(a: Service, b: Service): boolean {
  return a.protocol === b.protocol && a.first <= b.last && b.first <= a.last;
}
