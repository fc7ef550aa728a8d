import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";

/** Where a path really leads. `link`: out of the project by a link. `outside`: out of it by its own words. */
export type PathLocation = "inside" | "outside" | "link";

/** Tells where paths of one project lead. Folders are looked at once. Throws what the file system says. */
export function createPathClassifier(root: string): (path: string) => PathLocation {
  const realRoot = realpathSync(root);
  const folders = new Map<string, boolean>();
  const folderInside = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const inside = isBelow(realRoot, realpathSync(folder));
    folders.set(folder, inside);
    return inside;
  };
  return (path) => {
    const whole = join(root, path);
    if (!isBelow(root, whole)) return "outside";
    if (!folderInside(dirname(whole))) return "link";
    return lstatSync(whole).isSymbolicLink() && !isBelow(realRoot, realpathSync(whole)) ? "link" : "inside";
  };
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}
