import type { Path, SourceDocument } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";

/** An object's kind and apiVersion. In a list of one type, such as a DeploymentList, items need not repeat them. */
export function readObjectType(
  doc: SourceDocument,
  path: Path,
): { readonly kind: unknown; readonly apiVersion: unknown } {
  const own = (key: string) => findValue(doc.value, [...path, key]);
  const [kind, apiVersion] = [own("kind"), own("apiVersion")];
  if (kind !== undefined || path.at(-2) !== "items") return { kind, apiVersion };
  const list = readObjectType(doc, path.slice(0, -2));
  if (typeof list.kind !== "string" || list.kind === "List") return { kind, apiVersion };
  return { kind: list.kind.replace(/List$/, ""), apiVersion: apiVersion ?? list.apiVersion };
}
