/** Something in a text that looks like key material. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** `a private key`. */
  readonly what: string;
}

/** 32 bytes in base64, as WireGuard writes all its keys. Public keys are the same shape, so the key's name decides. */
const WIREGUARD_KEY = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=(?![A-Za-z0-9+/=])/g;
const PEM = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/g;
const TOKEN =
  /(?<![A-Za-z0-9])(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|s\.[A-Za-z0-9]{24}(?![A-Za-z0-9]))/g;
/** A signed token: two parts of base64url that begin with `{"`, and a signature. */
const SIGNED = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}/g;
const PUBLIC_KEY = /publicKey["']?\s*:\s*["']?$/;

/** Key material in a text, in order. A WireGuard key counts unless it is the value of `publicKey`. */
export function findSecrets(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  if (text.includes("=")) {
    for (const match of text.matchAll(WIREGUARD_KEY)) {
      if (PUBLIC_KEY.test(text.slice(text.lastIndexOf("\n", match.index) + 1, match.index))) continue;
      found.push({ start: match.index, end: match.index + match[0].length, what: "a WireGuard key" });
    }
  }
  if (text.includes("PRIVATE KEY"))
    for (const match of text.matchAll(PEM))
      found.push({ start: match.index, end: match.index + match[0].length, what: "a private key" });
  for (const pattern of [TOKEN, SIGNED])
    for (const match of text.matchAll(pattern))
      found.push({ start: match.index, end: match.index + match[0].length, what: "an access token" });
  return found.sort((a, b) => a.start - b.start);
}

const NAMED =
  /((?:private|preshared|pre_shared|secret|pass(?:word|phrase|wd)?|token|psk|api[-_]?(?:key|token|secret))[A-Za-z_-]*["']?\s*[:=]\s*)(["']?)([^\s{["'][^"'\n]{3,}|[^\s{["']{4,})\2/gi;

/** `privateKeyFrom: {secret: ` names an object that holds the secret. */
const REFERENCE = /From:\s*\{[^}]*secret:\s*$/;
const NAME = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?(?=\s*(,\s*key:\s*[\w.-]+\s*)?\}|$)/;

/** A text with its key material masked, length kept. */
export function redactText(text: string): string {
  let masked = text;
  for (const find of findSecrets(text).reverse())
    masked = masked.slice(0, find.start) + "•".repeat(find.end - find.start) + masked.slice(find.end);
  return masked;
}

/** A line of a source as an error may repeat it: what stands behind a tell-tale key is masked too. */
export function redactLine(line: string): string {
  const masked = redactText(line);
  return masked.replace(NAMED, (all, head: string, quote: string, value: string, at: number) =>
    REFERENCE.test(masked.slice(0, at + head.length)) && NAME.test(value)
      ? all
      : head + quote + "•".repeat(value.length) + quote,
  );
}
