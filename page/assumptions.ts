import { html } from "htm/preact";
import type { ComponentChild } from "preact";
import type { PageCluster } from "../src/answers/page/page-data.ts";
import { has } from "./words.ts";

interface Props {
  readonly cluster: PageCluster;
  readonly search: string;
}

/** What the verification takes for granted, what is guarded, and what was asked to hold. */
export function Assumptions({ cluster, search }: Props): ComponentChild {
  const { assumed = [], admission = [], expectations = [] } = cluster;
  const wanted = (texts: readonly string[]) => texts.filter((text) => has(text, search));
  return html`
    <h3>Assumed</h3>
    ${assumed.length === 0 ? html`<p>Nothing: the output alone gives this answer.</p>` : html`<ul class="lines">${wanted(assumed).map((one) => html`<li>${one}</li>`)}</ul>`}
    <h3>Admission</h3>
    ${admission.length === 0 ? html`<p>No admission policy guards these pods.</p>` : html`<ul class="lines">${wanted(admission).map((one) => html`<li>${one}</li>`)}</ul>`}
    <h3>Expectations that hold</h3>
    ${
      expectations.length === 0
        ? html`<p>No Expectation is written.</p>`
        : html`<ul class="lines">${expectations.filter((one) => has(`${one.text} ${one.place}`, search)).map((one) => html`<li>${one.text} <code>${one.place}</code></li>`)}</ul>`
    }`;
}
