import type { SourceFile } from "../source/source-file.ts";
import type { ImportLoss } from "./loss.ts";

const FOLDERS = /^(.*?(?:^|\/)(?:clusters?|environments?|envs?|overlays|sites?|regions?|stages))\/([^/]+)\//;
/** What several clusters have in common. */
const COMMON = /^(base|bases|common|shared|_?templates?|components|default)$/;

/** Folders that look like one cluster each, where files that speak of networks lie in several of them. */
export function detectClusterFolders(files: readonly SourceFile[]): ImportLoss | undefined {
  const folders = new Map<string, Map<string, SourceFile>>();
  for (const file of files) {
    const [, above, name] = FOLDERS.exec(file.path) ?? [];
    if (above === undefined || name === undefined || COMMON.test(name)) continue;
    if (!/NetworkAttachmentDefinition|k8s\.v1\.cni\.cncf\.io\/networks/.test(file.text)) continue;
    const names = folders.get(above) ?? new Map<string, SourceFile>();
    folders.set(above, names);
    if (!names.has(name)) names.set(name, file);
  }
  const [first] = [...folders].filter(([, names]) => names.size > 1);
  if (!first) return undefined;
  const [above, names] = first;
  const paths = [...names.keys()].sort().map((name) => `${above}/${name}`);
  const commands = paths.slice(0, 3).map((path) => `\`plumbline import ${path} --cluster ${nameOf(path)}\``);
  const why = `${paths.slice(0, 6).join(" and ")} look like ${paths.length} clusters, to be imported one at a time, each in a folder of its own: ${commands.join(", ")}`;
  const file = [...names.values()][0] as SourceFile;
  return { kind: "assumed", what: "the files", why, place: { file, start: 0, end: 0 } };
}

function nameOf(path: string): string {
  return (
    path
      .slice(path.lastIndexOf("/") + 1)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") || "main"
  );
}
