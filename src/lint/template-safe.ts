/** Findings that hold whatever a template fills in elsewhere. All others could be an echo of what is not there yet. */
const SAFE: ReadonlySet<string> = new Set([
  "nad/unknown-key",
  "nad/key-case",
  "nad/wrong-type",
  "nad/out-of-range",
  "nad/unknown-value",
  "nad/ignored-value",
  "nad/multicast-mac",
  "nad/bad-subnet",
  "nad/long-interface",
  "nad/unknown-cni-version",
  "annotation/unknown-key",
  "annotation/key-case",
  "annotation/wrong-type",
  "annotation/multicast-mac",
  "annotation/misspelt-key",
  "annotation/namespace-in-name",
]);

export function isSafeInTemplate(code: string): boolean {
  return SAFE.has(code);
}
