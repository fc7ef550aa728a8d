import type { Path } from "../../source/place.ts";

/** Something about addresses that holds between several fields of an `ipam`. */
export interface IpamProblem {
  readonly slug:
    | "no-range"
    | "bad-subnet"
    | "outside-subnet"
    | "ranges-overlap"
    | "gateway-outside"
    | "gateway-in-pool"
    | "node-slices"
    | "route-host-bits"
    | "ignored-value"
    | "bad-format";
  /** From the `ipam` object. */
  readonly at: Path;
  readonly on?: "key" | "value";
  readonly parameters: Readonly<Record<string, string>>;
  readonly help?: string;
  readonly related?: readonly { readonly at: Path; readonly label: string }[];
}
