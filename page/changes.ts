import { html } from "htm/preact";
import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import type { PageChange } from "../src/answers/page/page-data.ts";
import { counted, has } from "./words.ts";

const STEP = 200;
const WORDS = { opens: "opens", closes: "closes", other: "" } as const;

interface Props {
  readonly changes: readonly PageChange[];
  readonly search: string;
}

/** What opens comes first; objects last. */
export function Changes({ changes, search }: Props): ComponentChild {
  const [shown, setShown] = useState(STEP);
  const found = changes.filter((one) => has([one.text, one.place, ...one.details].join(" "), search));
  if (changes.length === 0) return html`<p>Nothing changes.</p>`;
  const opening = changes.filter((one) => one.effect === "opens").length;
  return html`
    <p>${opening === 0 ? "Nothing opens." : `${counted(opening, "change")} ${opening === 1 ? "opens" : "open"} something.`}</p>
    <ul class="changes">${found.slice(0, shown).map(
      (one) => html`<li class=${one.effect}>
        <span class="mark" aria-hidden="true">${one.mark}</span>
        <div><p>${WORDS[one.effect] !== "" && html`<strong>${WORDS[one.effect]}</strong> `}${one.text}</p>
        ${one.details.length > 0 && html`<ul>${one.details.map((text) => html`<li>${text}</li>`)}</ul>`}
        ${one.place !== "" && html`<code>${one.place}</code>`}</div>
      </li>`,
    )}</ul>
    ${found.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + STEP)}>Show ${Math.min(STEP, found.length - shown)} more of ${found.length}</button>`}`;
}
