import fc from "fast-check";
import { test } from "vitest";
import { subjects } from "./fuzz/subjects.ts";

// A few documents of each sort, always the same, so that the fuzzer itself stays alive. `npm run fuzz` goes on from here.
for (const { name, documents } of subjects)
  test(`random ${name} give findings or files, never an exception`, () => {
    fc.assert(
      fc.property(documents, (sample) => sample.run()),
      { numRuns: 60, seed: 8 },
    );
  });
