/** What a cipher of ESP adds to a packet, in bytes. */
interface Cipher {
  readonly iv: number;
  /** What the padded packet is a multiple of. */
  readonly block: number;
  /** The integrity check value; undefined: another algorithm of the proposal gives it. */
  readonly icv: number | undefined;
}

/** RFC 4106 (GCM), 4309 (CCM), 7634 (ChaCha20-Poly1305), 3602 (CBC). */
const CIPHERS: readonly (readonly [RegExp, Cipher])[] = [
  [/^aes(128|192|256)?(gcm|ccm)(16|128)?$/, { iv: 8, block: 4, icv: 16 }],
  [/^aes(128|192|256)?(gcm|ccm)(12|96)$/, { iv: 8, block: 4, icv: 12 }],
  [/^chacha20poly1305$/, { iv: 8, block: 4, icv: 16 }],
  [/^aes(128|192|256)?$/, { iv: 16, block: 16, icv: undefined }],
];

/** RFC 4868: half of the hash. */
const INTEGRITY: Readonly<Record<string, number>> = { sha256: 16, sha2_256: 16, sha384: 24, sha512: 32 };

/** UDP, SPI and sequence number; pad length and next header. */
const HEADERS = 8 + 8;
const TRAILER = 2;

function ciphersOf(proposal: string): readonly Cipher[] {
  return proposal.split("-").flatMap((word) => CIPHERS.find(([pattern]) => pattern.test(word))?.[1] ?? []);
}

/** Whether a proposal begins with a cipher whose size is known, and says how packets are checked. */
export function hasKnownSize(proposal: string): boolean {
  const [first = "", ...rest] = proposal.split("-");
  const cipher = ciphersOf(first)[0];
  return cipher !== undefined && rest.some((word) => INTEGRITY[word] !== undefined);
}

/** The largest packet that fits into `path` bytes once it is encrypted, whichever proposal the peers agree on. */
export function computeEspMtu(proposals: readonly string[], path: number, outerHeader: number): number {
  const sizes = proposals.flatMap((proposal) => {
    const checks = proposal.split("-").flatMap((word) => INTEGRITY[word] ?? []);
    return ciphersOf(proposal).map(({ iv, block, icv }) => {
      const room = path - outerHeader - HEADERS - iv - (icv ?? Math.max(...checks));
      return Math.floor(room / block) * block - TRAILER;
    });
  });
  return Math.min(...sizes);
}
