import { html } from "htm/preact";
import type { ComponentChild } from "preact";
import type { PageConnection } from "../src/answers/page/page-data.ts";
import type { Go } from "./app.ts";
import { ways } from "./words.ts";

interface Props {
  readonly one: PageConnection;
  readonly go: Go;
}

/** One connection: who exactly, hop by hop with its objects, and the lines that mean it. */
export function Details({ one, go }: Props): ComponentChild {
  return html`<div class="details">
    <p>
      <button type="button" onClick=${() => go({ focus: one.from })}>Focus on ${one.from}</button>
      <button type="button" onClick=${() => go({ focus: one.to })}>Focus on ${one.to}</button>
    </p>
    <dl>
      <dt>From</dt><dd>${one.from}${one.fromPods.length > 0 && html`<span class="pods">${one.fromPods.join(", ")}</span>`}</dd>
      <dt>To</dt><dd>${one.to}${one.toPods.length > 0 && html`<span class="pods">${one.toPods.join(", ")}</span>`}</dd>
      <dt>Services</dt><dd><code>${one.services.join(" ")}</code></dd>
      <dt>By</dt><dd>${ways[one.by]}: ${one.way.join(" > ")}</dd>
      <dt>Because of</dt><dd>${
        one.because.length === 0
          ? "no line of an intent: members of one network, or what a gateway itself answers"
          : html`<ul>${one.because.map((line) => html`<li><code>${line.place}</code> <code class="source">${line.text}</code></li>`)}</ul>`
      }</dd>
      ${one.assumed.length > 0 && html`<dt>Assumed</dt><dd>${one.assumed.join("; ")}</dd>`}
    </dl>
    ${one.traces.map(
      (trace) =>
        html`<section><h3>${trace.packet}</h3><ol class="hops">${trace.hops.map(
          (hop) =>
            html`<li><strong>${hop.at}</strong> ${hop.text}${hop.place !== "" && html` <code>${hop.place}</code>`}</li>`,
        )}</ol></section>`,
    )}
  </div>`;
}
