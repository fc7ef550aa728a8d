import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ImportedEstate, importEstate } from "../../src/import/import-project.ts";
import type { SourceFile } from "../../src/source/source-file.ts";

const CORPUS = join(import.meta.dirname, "..", "data", "corpus");

export interface ImportedFile {
  readonly repository: string;
  readonly path: string;
  readonly status: string;
  readonly file: SourceFile;
  /** Networks that are in it. */
  readonly networks: number;
  readonly estate: ImportedEstate;
}

/** Every file of the corpus that has networks, imported on its own. */
export function importedCorpus(): readonly ImportedFile[] {
  return readFileSync(join(CORPUS, "INDEX.tsv"), "utf8")
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"))
    .filter((fields) => Number(fields[4]) > 0)
    .map(([name = "", repository = "", path = "", , networks, , , , status = ""]) => {
      const file = { path, text: readFileSync(join(CORPUS, name), "utf8") };
      const estate = importEstate([file], { cluster: "main", namespace: "default" });
      return { repository, path, status, file, networks: Number(networks), estate };
    })
    .sort((a, b) => (`${a.repository}/${a.path}` < `${b.repository}/${b.path}` ? -1 : 1));
}

export function carriedIn({ estate }: ImportedFile): number {
  return estate.intents.reduce((sum, one) => sum + one.settled.network.objects.length, 0);
}
