#!/usr/bin/env node
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import v8 from "node:v8";

// V8 of Node 20 makes machine code of functions that run too little to earn it: up to some 2,000 intents that takes as long as the work.
// The flag must be set before the program is loaded. Later versions are left as they are: the figure is V8's own matter.
if (process.versions.node.startsWith("20.")) v8.setFlagsFromString("--interrupt-budget=500000");

// Node 22.8 and later keep the compiled code of modules in a folder of the user's own, so that the next run starts faster. Older
// versions have no such function. What cannot be written there is not kept, which is no error.
const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
if (process.env.NODE_COMPILE_CACHE === undefined)
  enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "plumbline", "code"));

await import("./cli.ts");
