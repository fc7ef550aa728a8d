import { html } from "htm/preact";
import { type ComponentChild, Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PageConnection } from "../src/answers/page/page-data.ts";
import type { Go } from "./app.ts";
import { Details } from "./details.ts";
import { short, wayText } from "./words.ts";

/** Rows at first, and with each step more. Printing shows all. */
const STEP = 150;

interface Props {
  readonly found: readonly PageConnection[];
  readonly go: Go;
}

export function Connections({ found, go }: Props): ComponentChild {
  const [shown, setShown] = useState(STEP);
  const [open, setOpen] = useState<ReadonlySet<PageConnection>>(new Set());
  useEffect(() => {
    const all = () => setShown(Number.POSITIVE_INFINITY);
    addEventListener("beforeprint", all);
    return () => removeEventListener("beforeprint", all);
  }, []);
  const toggle = (one: PageConnection) => {
    const next = new Set(open);
    if (!next.delete(one)) next.add(one);
    setOpen(next);
  };
  if (found.length === 0) return html`<p>No connection is found.</p>`;
  return html`
    <table class="connections">
      <thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Services</th><th scope="col">By</th><th scope="col">Because of</th></tr></thead>
      <tbody>${found.slice(0, shown).map(
        (one) => html`<${Fragment} key=${`${one.from} ${one.to} ${one.way}`}>
          <tr>
            <td data-head="From"><button type="button" class="party" aria-expanded=${open.has(one)} onClick=${() => toggle(one)}><span class="caret" aria-hidden="true"></span>${short(one.from)}</button></td>
            <td data-head="To">${short(one.to)}</td>
            <td data-head="Services"><code>${one.services.join(" ")}</code></td>
            <td data-head="By"><span class=${`way ${one.by}`}>${wayText(one)}</span></td>
            <td data-head="Because of">${one.because.slice(0, 2).map((line) => html`<code>${line.place}</code> `)}${one.because.length > 2 && `and ${one.because.length - 2} more`}</td>
          </tr>
          ${open.has(one) && html`<tr class="opened"><td colspan="5"><${Details} one=${one} go=${go} /></td></tr>`}
        <//>`,
      )}</tbody>
    </table>
    ${found.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + STEP)}>Show ${Math.min(STEP, found.length - shown)} more of ${found.length}</button>`}`;
}
