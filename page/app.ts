import { html } from "htm/preact";
import type { ComponentChild } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageCluster, PageData, PageFinding, View } from "../src/answers/page/page-data.ts";
import { Assumptions } from "./assumptions.ts";
import { Changes } from "./changes.ts";
import { Connections } from "./connections.ts";
import { Matrix } from "./matrix.ts";
import { Picture } from "./picture.ts";
import { counted, has, textOf } from "./words.ts";

const TITLES: Readonly<Record<View, string>> = {
  picture: "Picture",
  matrix: "Matrix",
  connections: "Connections",
  assumptions: "Assumptions",
  changes: "Changes",
};

/** Where the page stands; the address keeps it, so that a view can be sent to somebody. */
export interface Place {
  readonly cluster: string;
  readonly view: View;
  readonly search: string;
  /** The party whose neighbours are shown. */
  readonly focus: string;
}

export type Go = (change: Partial<Place>) => void;

function viewsOf(cluster: PageCluster | undefined): readonly View[] {
  if (!cluster) return [];
  const there: Readonly<Record<View, boolean>> = {
    picture: cluster.picture !== undefined,
    matrix: cluster.connections !== undefined,
    connections: cluster.connections !== undefined,
    assumptions: cluster.assumed !== undefined,
    changes: cluster.changes !== undefined,
  };
  return (Object.keys(TITLES) as View[]).filter((view) => there[view]);
}

function fromAddress(data: PageData): Place {
  const asked = new URLSearchParams(location.hash.slice(1));
  const cluster = data.clusters.find((one) => one.name === asked.get("cluster")) ?? data.clusters[0];
  const views = viewsOf(cluster);
  const view = views.find((one) => one === asked.get("view")) ?? views.find((one) => one === data.view) ?? views[0];
  return {
    cluster: cluster?.name ?? "",
    view: view ?? "picture",
    search: asked.get("search") ?? "",
    focus: asked.get("focus") ?? "",
  };
}

export function App({ data }: { readonly data: PageData }): ComponentChild {
  const [place, setPlace] = useState(() => fromAddress(data));
  const searchField = useRef<HTMLInputElement>(null);
  const go: Go = (change) =>
    setPlace((old) => {
      const next = { ...old, ...change };
      const kept = Object.entries(next).filter(([, value]) => value !== "");
      history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
      return next;
    });
  useEffect(() => {
    const follow = () => setPlace(fromAddress(data));
    const key = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key === "/" && !typing) {
        event.preventDefault();
        searchField.current?.focus();
      }
      if (event.key === "Escape") go(typing ? { search: "" } : { focus: "" });
    };
    addEventListener("hashchange", follow);
    addEventListener("keydown", key);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("keydown", key);
    };
  }, []);
  const cluster = data.clusters.find((one) => one.name === place.cluster) ?? data.clusters[0];
  const views = viewsOf(cluster);
  const view = views.includes(place.view) ? place.view : (views[0] ?? "picture");
  return html`
    <header class="top">
      <h1>${data.title}</h1>
      ${
        data.clusters.length > 1 &&
        html`<label class="pick"><span>Cluster</span>
        <select value=${place.cluster} onChange=${(event: Event) => go({ cluster: (event.target as HTMLSelectElement).value, focus: "" })}>
          ${data.clusters.map((one) => html`<option value=${one.name}>${one.name}</option>`)}
        </select></label>`
      }
      <label class="search"><span>Search</span>
        <input ref=${searchField} type="search" value=${place.search} placeholder="zone, workload, port, file"
          aria-keyshortcuts="/" onInput=${(event: Event) => go({ search: (event.target as HTMLInputElement).value })} /></label>
      <nav aria-label="Views"><ul>
        ${views.map((one) => html`<li><button type="button" aria-current=${one === view ? "page" : undefined} onClick=${() => go({ view: one })}>${TITLES[one]}</button></li>`)}
      </ul></nav>
    </header>
    <main>
      <${Findings} findings=${data.findings} />
      ${cluster && html`<${Body} cluster=${cluster} place=${{ ...place, view }} go=${go} compared=${data.compared} />`}
    </main>`;
}

interface BodyProps {
  readonly cluster: PageCluster;
  readonly place: Place;
  readonly go: Go;
  readonly compared: string | undefined;
}

function Body({ cluster, place, go, compared }: BodyProps): ComponentChild {
  const { search, focus } = place;
  const texts = useMemo(() => (cluster.connections ?? []).map(textOf), [cluster]);
  const found = useMemo(
    () =>
      (cluster.connections ?? []).filter(
        (one, index) => (focus === "" || one.from === focus || one.to === focus) && has(texts[index] as string, search),
      ),
    [cluster, texts, search, focus],
  );
  const total = cluster.connections?.length ?? 0;
  return html`
    <h2>${TITLES[place.view]}${place.view === "changes" && compared !== undefined ? `: ${compared}` : ""} <small>${cluster.name}</small></h2>
    <p class="status" role="status">
      ${
        cluster.connections !== undefined &&
        html`${found.length === total ? `${counted(total, "connection")} allowed. Everything else is blocked.` : `${found.length} of ${counted(total, "connection")} shown.`} `
      }
      ${focus !== "" && html`<button type="button" onClick=${() => go({ focus: "" })}>Show all (now: ${focus})</button>`}
    </p>
    ${place.view === "picture" && cluster.picture && html`<${Picture} key=${cluster.name} picture=${cluster.picture} search=${search} focus=${focus} go=${go} />`}
    ${place.view === "picture" && focus !== "" && found.length > 0 && html`<h3>Connections of ${focus}</h3><${Connections} found=${found} go=${go} />`}
    ${place.view === "matrix" && html`<${Matrix} found=${found} go=${go} />`}
    ${place.view === "connections" && html`<${Connections} found=${found} go=${go} />`}
    ${place.view === "assumptions" && html`<${Assumptions} cluster=${cluster} search=${search} />`}
    ${place.view === "changes" && html`<${Changes} changes=${cluster.changes ?? []} search=${search} />`}`;
}

function Findings({ findings }: { readonly findings: readonly PageFinding[] }): ComponentChild {
  if (findings.length === 0) return undefined;
  const wrong = findings.some((one) => one.severity === "error");
  return html`<section class=${wrong ? "banner wrong" : "banner"} aria-label="Findings">
    <p>${wrong ? "The output does not do what the intents say." : `${counted(findings.length, "finding")}.`}</p>
    <ul>${findings.map((one) => html`<li><strong>${one.severity}</strong> <code>${one.code}</code> ${one.text} ${one.place !== "" && html`<code>${one.place}</code>`}</li>`)}</ul>
  </section>`;
}
