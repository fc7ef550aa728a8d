#!/usr/bin/env node
// Posts a Markdown text to a pull request (GitHub) or merge request (GitLab), or updates the comment that holds the same mark.
// Everything comes by environment variables that the two systems set: no package is needed, and no text becomes code.
import { readFileSync } from "node:fs";

const MARK = "<!-- plumbline-diff -->";
/** GitHub refuses a longer comment. */
const LONGEST = 65_000;
const env = process.env;

async function call(method, url, body) {
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    ...(env.GITHUB_TOKEN
      ? { authorization: `Bearer ${env.GITHUB_TOKEN}` }
      : { "private-token": env.GITLAB_TOKEN ?? "" }),
  };
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status}`);
  return response.json();
}

/** The first comment that holds the mark; 100 a page, until a page is not full. */
async function findOwn(url) {
  for (let page = 1; ; page++) {
    const list = await call("GET", `${url}?per_page=100&page=${page}`);
    const own = list.find((one) => typeof one.body === "string" && one.body.startsWith(MARK));
    if (own) return own;
    if (list.length < 100) return undefined;
  }
}

function addresses() {
  if (env.GITHUB_TOKEN) {
    const { pull_request: request } = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, "utf8"));
    if (!request) return undefined;
    const repository = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues`;
    return {
      list: `${repository}/${request.number}/comments`,
      one: (id) => `${repository}/comments/${id}`,
      update: "PATCH",
    };
  }
  if (env.GITLAB_TOKEN && env.CI_MERGE_REQUEST_IID) {
    const list = `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`;
    return { list, one: (id) => `${list}/${id}`, update: "PUT" };
  }
  return undefined;
}

const text = readFileSync(process.argv[2], "utf8");
const to = addresses();
if (!to) {
  console.log("plumbline: this is no pull or merge request, or there is no token: nothing is posted");
} else {
  const whole = text.startsWith(MARK) ? text : `${MARK}\n${text}`;
  const body = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}\n\nThe rest is in the job's log.\n` : whole;
  const own = await findOwn(to.list);
  await (own ? call(to.update, to.one(own.id), { body }) : call("POST", to.list, { body }));
  console.log(`plumbline: the comment is ${own ? "updated" : "posted"}`);
}
