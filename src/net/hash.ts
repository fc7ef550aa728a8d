import { createHash } from "node:crypto";

/** FNV-1a, 32 bits: spreads first candidates of an allocation. Not for secrets, not for identity. */
export function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** SHA-256 of a text, in hexadecimal, cut to `length` digits. */
export function contentHash(text: string, length = 64): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
