import { expect, test } from "vitest";
import { corpusRows, countOf, type Row, type Status } from "./corpus.ts";

const rows = corpusRows();
const ofStatus = (status: Status) => rows.filter((row) => row.status === status);
const named = (row: Row) => `${row.repository}/${row.path}`;

test("the corpus is there", () => {
  expect(rows.length).toBe(120);
});

test("everything that is known of a file is found, or was read all the same", () => {
  const missed = rows.filter((row) => row.known.some((one) => one.verdict === "missed"));
  expect(missed.map(named)).toEqual([]);
  expect(ofStatus("ERROR").every((row) => row.known.some((one) => one.verdict === "found"))).toBe(true);
});

test("files that are right have no finding", () => {
  const loud = ofStatus("ok").filter((row) => row.diagnostics.length > 0);
  expect(loud.map((row) => [named(row), row.diagnostics.map((one) => one.code)])).toEqual([]);
});

test("files that work have no error", () => {
  expect(
    ofStatus("warn")
      .filter((row) => countOf(row, "error") > 0)
      .map(named),
  ).toEqual([]);
});
