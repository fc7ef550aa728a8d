/** VLAN ids from `first` to `last`, both included. */
export interface VlanRange {
  readonly first: number;
  readonly last: number;
}

/** Lowest and highest id that a frame can carry (IEEE 802.1Q: 0 and 4095 are reserved). */
export const VLAN_MIN = 1;
export const VLAN_MAX = 4094;

/** Reads `110` or `100-199`. */
export function parseVlans(text: string): VlanRange | undefined {
  const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= VLAN_MIN && last <= VLAN_MAX && first <= last ? { first, last } : undefined;
}

export function containsVlan(ranges: readonly VlanRange[], vlan: number): boolean {
  return ranges.some((range) => vlan >= range.first && vlan <= range.last);
}

/** The ranges without one VLAN. */
export function excludeVlan(ranges: readonly VlanRange[], vlan: number): readonly VlanRange[] {
  return ranges.flatMap(({ first, last }) =>
    vlan < first || vlan > last
      ? [{ first, last }]
      : [
          { first, last: vlan - 1 },
          { first: vlan + 1, last },
        ].filter((one) => one.first <= one.last),
  );
}

export function formatVlans(ranges: readonly VlanRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}
