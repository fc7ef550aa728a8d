import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Compiled } from "../../src/ir/compiled.ts";
import type { Project } from "../../src/ir/project.ts";
import { type Written, writeOutput } from "../../src/stages/10-write.ts";
import { type Disk, disk } from "../../src/stages/write/disk.ts";
import { hashText } from "../../src/stages/write/managed-files.ts";

export const project = { out: "out", lock: "plumbline.lock.yaml" } as Project;

/** A cluster's files with the inventory that belongs to them. */
function compiled(lock: string, files: Readonly<Record<string, string>>): Compiled {
  const rows = Object.entries(files).map(([path, text]) => `    {"path":"${path}","hash":"${hashText(text)}"}`);
  const inventory = `{\n  "version": 1,\n  "files": [\n${rows.join(",\n")}\n  ]\n}\n`;
  const all = { ...files, "inventory.json": inventory };
  return {
    project,
    files: Object.entries(all).map(([path, text]) => ({ path: `main/${path}`, text })),
    lock,
    plans: [],
    instances: new Map(),
    diagnostics: [],
  };
}

/** From the old set to the new one something is added, changed, kept and removed, with a folder of its own each. */
export const sets = {
  old: compiled("old\n", {
    "kustomization.yaml": "old\n",
    "zones/kept.yaml": "kept\n",
    "zones/pci.yaml": "old\n",
    "vpns/gone.yaml": "gone\n",
  }),
  new: compiled("new\n", {
    "kustomization.yaml": "new\n",
    "zones/kept.yaml": "kept\n",
    "zones/pci.yaml": "new\n",
    "pairs/edge.yaml": "added\n",
  }),
} as const;

export const put = (root: string, path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** Everything below a folder, with its text; what writing needs for itself apart. */
export function stateOf(root: string): {
  readonly files: Readonly<Record<string, string>>;
  readonly traces: readonly string[];
} {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
  const traces = paths.filter((path) => path.includes("plumbline-") || path.startsWith("out/.plumbline"));
  const files = paths.filter((path) => !traces.includes(path));
  return { files: Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), "utf8")])), traces };
}

export function writeSet(root: string, set: keyof typeof sets, on: Disk = disk): Written {
  const isAlive = (id: number): boolean => {
    try {
      process.kill(id, 0);
      return true;
    } catch {
      return false;
    }
  };
  return writeOutput(root, project, sets[set], {
    clusters: undefined,
    process: { id: process.pid, isAlive },
    disk: on,
  });
}

/** What a disk is asked, in the words of a report: `rename out/main/a.yaml`. */
export type Step = (call: keyof Disk, path: string) => void;

/** A disk that tells of each call before it happens. `torn`: a text of which only half is written before the call fails. */
export function watched(root: string, step: Step, torn?: (path: string) => boolean): Disk {
  const watch = <Call extends keyof Disk>(name: Call): Disk[Call] =>
    ((...values: unknown[]) => {
      const path = String(name === "rename" ? values[1] : name === "claim" ? values[0] : values[0]).slice(
        root.length + 1,
      );
      if (name === "write" && torn?.(path))
        writeFileSync(String(values[0]), String(values[1]).slice(0, String(values[1]).length >> 1));
      step(name, path);
      return (disk[name] as (...all: unknown[]) => unknown)(...values);
    }) as Disk[Call];
  const names = Object.keys(disk) as (keyof Disk)[];
  return Object.fromEntries(names.map((name) => [name, watch(name)])) as unknown as Disk;
}
