/** Where the documentation is published. The only place that says so. */
export const DOCS_ADDRESS = "https://plumbline.dev/";

/** The page of a code. */
export function buildPageAddress(code: string): string {
  return `${DOCS_ADDRESS}rules/${code}`;
}
