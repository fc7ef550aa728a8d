// The site of docs/: `npm run docs`. DOCS_BASE is the path that it is served from ("/plumbline/" on GitHub Pages).
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const docs = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Where a file of the repository can be read that is no page. */
const REPOSITORY = "https://plumbline.dev/source/";

const titleOf = (path) => /^# (.+)$/m.exec(readFileSync(join(docs, path), "utf8"))?.[1] ?? path;
const page = (path, text) => ({ text: text ?? titleOf(`${path}.md`), link: `/${path}` });
const pagesIn = (folder) =>
  readdirSync(join(docs, folder))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => page(posix.join(folder, name.slice(0, -3))));
const pages = (...paths) => paths.map((path) => page(path));

const guide = [
  { text: "Start", items: pages("tutorial", "faq", "troubleshooting", "comparison", "glossary") },
  {
    text: "How to",
    items: [
      ...pagesIn("how-to"),
      ...pages("delivery", "import", "lint", "migrating", "merging", "reviewing", "report", "editors"),
      ...pages("templates", "krm", "ipsec"),
    ],
  },
  {
    text: "Reference",
    items: [...pagesIn("reference"), ...pages("targets", "cni-routes", "inventory", "formats", "api", "diagnostics")],
  },
  { text: "Why it holds", items: pages("verification", "proof", "security", "crash-matrix") },
  { text: "Measured on real files", items: pages("lint-corpus", "import-corpus") },
  { text: "Inside", items: [...pagesIn("architecture"), ...pagesIn("decisions")] },
];

/** Beside a diagnostic stand those of its owner only: a list of all of them would be in every page. */
const diagnostics = Object.fromEntries(
  readdirSync(join(docs, "rules"), { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => [
      `/rules/${name}/`,
      [
        { text: "All diagnostics", link: "/diagnostics" },
        { text: name, items: pagesIn(`rules/${name}`) },
      ],
    ]),
);

/** Links out of docs/ lead to the repository. */
function leadLinksOut(markdown) {
  markdown.core.ruler.push("links-out", (state) => {
    const from = state.env.relativePath ?? "";
    for (const token of state.tokens.flatMap((one) => one.children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (!href || /^([a-z]+:|#|\/)/.test(href)) continue;
      const path = posix.normalize(posix.join(posix.dirname(from), href));
      if (path.startsWith("../")) token.attrSet("href", REPOSITORY + path.slice(3));
    }
  });
}

/** Vue takes two braces for an expression of its own. */
function keepBraces(markdown) {
  for (const rule of ["text", "code_inline"]) {
    const render = markdown.renderer.rules[rule];
    markdown.renderer.rules[rule] = (...asked) => render(...asked).replaceAll("{{", "&#123;&#123;");
  }
}

function configure(markdown) {
  leadLinksOut(markdown);
  keepBraces(markdown);
}

export default {
  title: "plumbline",
  description: "Compiles network intents for Kubernetes, and proves what they let through",
  base: process.env.DOCS_BASE ?? "/",
  srcDir: "pages",
  outDir: "./dist",
  markdown: {
    html: false,
    config: configure,
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Reference", link: "/reference/IsolationZone" },
      { text: "Diagnostics", link: "/diagnostics" },
    ],
    sidebar: { ...diagnostics, "/": guide },
    outline: [2, 3],
  },
};
