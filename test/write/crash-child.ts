import { watched, writeSet } from "./crash-sets.ts";

/** Writes the new set, and kills itself before the n-th call to the disk, or when half of a text is written. */
const [, , root = "", at = "", how = ""] = process.argv;
let count = 0;
const die = () => process.kill(process.pid, "SIGKILL");
const disk = watched(
  root,
  () => {
    if (++count === Number(at)) die();
  },
  () => how === "torn" && count + 1 === Number(at),
);
writeSet(root, "new", disk);
