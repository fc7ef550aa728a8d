import { hash } from "node:crypto";

/** FNV-1a, 32 bits: spreads first candidates of an allocation. Not for secrets, not for identity. */
export function hashToNumber(text: string): number {
  let mixed = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** SHA-256 of a text, in hexadecimal, cut to `length` digits. */
export function hashContent(text: string, length = 64): string {
  // As many bytes as are needed: a part cut from a text would keep the whole of it in memory.
  return hash("sha256", text, "buffer")
    .toString("hex", 0, Math.ceil(length / 2))
    .slice(0, length);
}
