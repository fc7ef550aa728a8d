import { Session } from "node:inspector";
import { afterAll } from "vitest";

// V8 counts blocks only in code that it compiles from here on: so what is counted is imported afterwards, by `await import`.
const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
afterAll(() => session.disconnect());

/** How often each function of ours is called, or the innermost of its loops goes round, while something is done. */
export function counted(work: () => void): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const take = (into: Map<string, number>) =>
    session.post("Profiler.takePreciseCoverage", (failed, taken) => {
      if (failed) throw failed;
      for (const { url, functions } of taken.result) {
        const path = /\/(src\/.+)$/.exec(url)?.[1];
        if (path === undefined) continue;
        for (const { functionName, ranges } of functions) {
          const key = `${path} ${functionName} ${ranges[0]?.startOffset}`;
          // A function that is compiled anew is told of twice.
          into.set(key, Math.max(into.get(key) ?? 0, ...ranges.map((range) => range.count)));
        }
      }
    });
  // What was counted before is forgotten by being taken.
  take(new Map());
  work();
  take(counts);
  return counts;
}
