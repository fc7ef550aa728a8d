import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import assets from "../../generated/page.json" with { type: "json" };
import { escapeXml } from "../../graph/format/svg.ts";
import type { PageData } from "./page-data.ts";

/**
 * One file that works from a disk and loads nothing. The data is compressed, and so holds no text that a browser could take
 * for markup; the policy of the page allows its own script and style alone.
 */
export function renderPageHtml(data: PageData): string {
  const { script, style } = assets;
  const packed = deflateRawSync(JSON.stringify(data), { level: 9 }).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="generator" content="plumbline">
<title>${escapeXml(data.title)}</title><style>${style}</style></head>
<body><div id="app"><main class="plain"><h1>${escapeXml(data.title)}</h1>
<p>This page needs JavaScript. It loads nothing from the network. The same as a text: <code>plumbline verify</code>.</p></main></div>
<script id="data" type="application/octet-stream">${packed}</script>
<script>${script}</script>
</body></html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
