import pages from "../generated/pages.json" with { type: "json" };

const byCode: Readonly<Record<string, string>> = pages;

/** The page of a code, in Markdown. */
export function findPage(code: string): string | undefined {
  return Object.hasOwn(byCode, code) ? byCode[code] : undefined;
}
