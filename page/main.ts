// The script of the page that `plumbline report` writes. Names come from users: preact sets them as text, never as markup.
import { html } from "htm/preact";
import { render } from "preact";
import type { PageData } from "../src/answers/page/page-data.ts";
import { App } from "./app.ts";

async function readData(): Promise<PageData> {
  const packed = document.getElementById("data")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return (await new Response(stream).json()) as PageData;
}

const root = document.getElementById("app");
if (root)
  readData().then((data) => {
    root.textContent = "";
    render(html`<${App} data=${data} />`, root);
  });
