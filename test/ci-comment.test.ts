import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "../scripts/ci/post-comment.mjs");
const MARK = "<!-- plumbline-diff -->";

interface Comment {
  readonly id: number;
  body: string;
}

/** A stand-in for the two systems: a list of comments that is read by pages, added to and changed. */
let comments: Comment[] = [];
let asked: string[] = [];
let server: Server;
let folder: string;

beforeEach(async () => {
  comments = Array.from({ length: 130 }, (_, id) => ({ id, body: `words ${id} ${MARK}` }));
  asked = [];
  folder = mkdtempSync(join(tmpdir(), "plumbline-comment-"));
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    asked.push(`${request.method} ${url.pathname}`);
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      const page = Number(url.searchParams.get("page") ?? "1");
      const body = text === "" ? "" : (JSON.parse(text) as { body: string }).body;
      if (request.method === "POST") comments.push({ id: comments.length, body });
      const changed = comments.find((one) => url.pathname.endsWith(`/${one.id}`));
      if ((request.method === "PATCH" || request.method === "PUT") && changed) changed.body = body;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.method === "GET" ? comments.slice((page - 1) * 100, page * 100) : {}));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterEach(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});

async function post(text: string, env: Record<string, string>): Promise<string> {
  const file = join(folder, "diff.md");
  writeFileSync(file, text);
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, file], { env: { PATH: "", ...env } });
  return stdout;
}

const own = () => comments.filter((one) => one.body.startsWith(MARK)).map((one) => one.body);

describe("the comment with the diff", () => {
  test("GitHub: posted once, then updated, on whatever page it is", async () => {
    const event = join(folder, "event.json");
    writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
    const { port } = server.address() as AddressInfo;
    const env = {
      GITHUB_TOKEN: "t",
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "acme/net",
      GITHUB_EVENT_PATH: event,
    };
    expect(await post(`${MARK}\nOpens 1`, env)).toContain("posted");
    expect(await post(`${MARK}\nOpens 2`, env)).toContain("updated");
    expect(own()).toEqual([`${MARK}\nOpens 2`]);
    expect(asked.at(-1)).toBe("PATCH /repos/acme/net/issues/comments/130");
  });

  test("GitLab: likewise", async () => {
    const { port } = server.address() as AddressInfo;
    const env = {
      GITLAB_TOKEN: "t",
      CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_IID: "9",
    };
    await post("Opens 1", env);
    await post("Opens 2", env);
    expect(own()).toEqual([`${MARK}\nOpens 2`]);
    expect(asked.at(-1)).toBe("PUT /api/v4/projects/3/merge_requests/9/notes/130");
  });

  test("without a request or a token nothing is posted", async () => {
    expect(await post("Opens 1", {})).toContain("nothing is posted");
    expect(asked).toEqual([]);
  });
});
