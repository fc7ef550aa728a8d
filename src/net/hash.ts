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
  // As many bytes as are needed: a part cut from a text would keep the whole of it in memory.
  return createHash("sha256")
    .update(text)
    .digest()
    .toString("hex", 0, Math.ceil(length / 2))
    .slice(0, length);
}
