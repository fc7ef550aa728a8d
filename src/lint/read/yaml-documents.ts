import type { SourceFile } from "../../source/source-file.ts";
import { maskTemplates } from "./templates.ts";

/** One document of a file, as text. */
export interface DocumentText {
  readonly file: SourceFile;
  /** Offset of `text` in the file. */
  readonly start: number;
  /** Of the same length as in the file; without the actions of templates. */
  readonly text: string;
  readonly templated: boolean;
}

/** Anything that a rule could have an opinion on. Misspelt names are among it. */
const INTERESTING =
  /cni\.c|sriovnetwork\.openshift\.io\/|k8s\.ovn\.org\/v|NetworkAttach|MultiNetwork|UserDefinedNetwork|SriovNetwork|SriovIBNetwork|OVSNetwork|SpiderMultus|HostDeviceNetwork|MacvlanNetwork|IPoIBNetwork|additionalNetworks|v1\.multus|kubevirt\.io|k8s\.v1\.|kubeovn\.io\/|mellanox\.com\/|bridge-mappings|provider:\s*["']?multus|cni-exclusive|exclusive:|storageNetwork|storage-network|(?:chart|name|image|repository):\s*\S*multus|chart:\s*["']?cilium\b|kind:\s*HelmRelease[\s\S]*?\n\s*name:\s*["']?cilium["']?\s*\n|nmstate\.io\/v|kind:\s*CephCluster\b[\s\S]*?\n\s*selectors:/;

export function mayConcernRules(text: string): boolean {
  return INTERESTING.test(text);
}

/**
 * The documents of a file that a rule could have an opinion on. A `---` in the first column ends a document whatever
 * stands before it, so one that cannot be read does not hide the next.
 */
export function splitDocuments(file: SourceFile, wanted: (text: string) => boolean): readonly DocumentText[] {
  if (!wanted(file.text)) return [];
  const parts: DocumentText[] = [];
  const { text, templated } = maskTemplates(file.text);
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const marker = /^---(?=[ \t\r\n]|$)/gm;
  const push = (end: number) => {
    if (wanted(file.text.slice(start, end))) parts.push({ file, start, text: text.slice(start, end), templated });
  };
  for (let match = marker.exec(text); match; match = marker.exec(text)) {
    push(match.index);
    start = match.index + 3;
  }
  push(text.length);
  return parts;
}
