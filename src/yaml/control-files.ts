import type { SourceFile } from "../source/source-file.ts";

/** `kustomization.yaml` and what it names, all of Flux, and Argo CD's own: they say what is applied, and are no workloads. */
const GROUPS = /^(kustomize\.config\.k8s\.io|([a-z]+\.)?toolkit\.fluxcd\.io)$/;
const ARGO_CD: ReadonlySet<string> = new Set(["Application", "ApplicationSet", "AppProject"]);

/** Whether an object is one by which kustomize, Flux or Argo CD are controlled. Group and kind decide, never the kind alone. */
export function isControlObject(apiVersion: string, kind: string): boolean {
  const group = apiVersion.slice(0, Math.max(apiVersion.indexOf("/"), 0));
  return GROUPS.test(group) || (group === "argoproj.io" && ARGO_CD.has(kind));
}

/**
 * Whether a file that cannot be read holds nothing but such objects, or is by its name a file of values for charts: then no pod comes
 * of it. Only the keys at the beginning of a line are asked. A text in any other form may be a manifest.
 */
export function isControlFile({ path, text }: SourceFile): boolean {
  // What an alias stands for is not seen in a line.
  if (/(^|[\s[{,])[&*]\w/m.test(text)) return false;
  return text.split(/^---(?=\s|$)/m).every((document) => {
    const lines = document.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
    const [first] = lines;
    if (first === undefined) return true;
    if (!PLAIN_KEY.test(first)) return false;
    const outer = lines.filter((line) => !/^\s/.test(line));
    if (!outer.every((line) => PLAIN_KEY.test(line) || /^(- |-$|[\]}])/.test(line))) return false;
    const [apiVersion, kind] = [valuesOf("apiVersion", outer), valuesOf("kind", outer)];
    if (kind.length === 0) return VALUES.test(path);
    return apiVersion.length === 1 && kind.length === 1 && isControlObject(String(apiVersion[0]), String(kind[0]));
  });
}

/** `values.yaml`, `values-prod.yaml`, `prod.values.yml`. */
const VALUES = /(^|[/._-])values([._-][^/]*)?\.ya?ml$/i;

const PLAIN_KEY = /^[A-Za-z_][\w./-]*:(\s|$)/;

function valuesOf(key: string, lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => line.startsWith(`${key}:`))
    .map((line) =>
      line
        .slice(key.length + 1)
        .replace(/\s#.*$/, "")
        .trim()
        .replace(/^(["'])(.*)\1$/, "$2"),
    );
}
