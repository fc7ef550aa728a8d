#!/usr/bin/env node
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// Node 22.8 and later keep the compiled code of modules in a folder of the user's own, so that the next run starts faster. Older
// versions have no such function. What cannot be written there is not kept, which is no error.
const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
if (process.env.NODE_COMPILE_CACHE === undefined)
  enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "plumbline", "code"));

await import("./cli.ts");
