// The floor: a Node program that reads the same inputs and writes the same bytes, and does nothing else.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [inputs, output, copy] = process.argv.slice(2);
const list = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
for (const folder of ["intents", "workloads"])
  for (const path of list(join(inputs, folder))) readFileSync(path, "utf8");
if (output)
  for (const path of list(output)) {
    const to = join(copy, path.slice(output.length));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, readFileSync(path));
  }
