import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ESTATES, estateNames, importedEstate } from "../test/import/estates.ts";

// Rewrites what imports of the estates in test/import/estates give. Read the diff.
for (const name of estateNames()) {
  const folder = join(ESTATES, name, "expected");
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of importedEstate(name).files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
