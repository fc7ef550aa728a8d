/**
 * What a field of a CNI plugin, or a sysctl, does to isolation. Whatever is in no class is refused: a plugin's next release
 * may add a field that opens a border.
 * - `harmless`: changes neither who reaches whom nor what is verified; `why` says why.
 * - `modelled`: the reader of the output reads it and judges what it opens.
 * - `refused`: may hold none but its `safe` values; `use` is the key of an intent that stands for it.
 */
export interface FieldClass {
  readonly class: "harmless" | "modelled" | "refused";
  readonly why: string;
  readonly use?: string;
  /** Values that change nothing. */
  readonly safe?: readonly (string | boolean | number)[];
  /** Bounds of a number that changes nothing. */
  readonly between?: readonly [number, number];
  /** plumbline writes it itself, from other keys of the intent. */
  readonly ours?: true;
  /** plumbline writes further values of it in some networks, and the reader reads them. */
  readonly written?: readonly (string | boolean)[];
  /** An object that plumbline writes must hold it: what the plugin does without it is not safe, or changed between releases. */
  readonly needed?: true;
  /** A network that stood before plumbline keeps it: nothing is promised of it that it did not do. */
  readonly kept?: true;
  /** Value that is harmless where the network has no subnet of IPv6. */
  readonly withoutIpv6?: string;
}

export interface PluginClass {
  /** Why no configuration of the plugin can be accepted. Its fields are refused with it. */
  readonly refused?: string;
  readonly use?: string;
  /** By path: `vlanTrunk[].minID`. A field of one's own object stands for what is inside unless that is listed. */
  readonly fields: Readonly<Record<string, FieldClass>>;
}

type Rest = Omit<FieldClass, "class" | "why">;

export const harmlessField = (why: string, rest: Rest = {}): FieldClass => ({ class: "harmless", why, ...rest });
export const modelledField = (why: string, rest: Rest = {}): FieldClass => ({ class: "modelled", why, ...rest });
export const refusedField = (why: string, rest: Rest = {}): FieldClass => ({ class: "refused", why, ...rest });
/** plumbline writes it, and the reader holds it against the intents. */
export const ownField = (why: string): FieldClass => modelledField(why, { ours: true });
