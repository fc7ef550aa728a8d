import { select } from "d3-selection";
import { type Transform, type Zoom, zoom, zoomIdentity } from "d3-zoom";
import { html } from "htm/preact";
import type { ComponentChild } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageEdge, PageNode, PagePicture } from "../src/answers/page/page-data.ts";
import type { Go } from "./app.ts";
import { around } from "./around.ts";
import { counted, has } from "./words.ts";

/** From so many boxes on, far away only their titles are drawn. */
const MANY = 60;
const CLEAR = 0.55;

interface Props {
  readonly picture: PagePicture;
  readonly search: string;
  readonly focus: string;
  readonly go: Go;
}

interface Seen {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly k: number;
}

/** Boxes and lines; with a focus, one box with its neighbours. */
export function Picture({ picture, search, focus, go }: Props): ComponentChild {
  const frame = useRef<SVGSVGElement>(null);
  const canvas = useRef<SVGGElement>(null);
  const behaviour = useRef<Zoom | null>(null);
  const [seen, setSeen] = useState<Seen>();
  const shown = useMemo(() => (focus === "" ? picture : (around(picture, focus) ?? picture)), [picture, focus]);
  const fit = () => {
    const [svg, all] = [frame.current, behaviour.current];
    if (!svg || !all) return;
    const { clientWidth, clientHeight } = svg;
    const k = Math.min(1.2, clientWidth / (shown.width + 24), clientHeight / (shown.height + 24));
    const at = zoomIdentity
      .translate((clientWidth - shown.width * k) / 2, (clientHeight - shown.height * k) / 2)
      .scale(k);
    select(svg).call(all.transform, at);
  };
  useEffect(() => {
    const svg = frame.current;
    if (!svg) return undefined;
    let waiting = 0;
    const moved = ({ transform }: { readonly transform: Transform }) => {
      const { k, x, y } = transform;
      canvas.current?.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() =>
        setSeen({ k, x: -x / k, y: -y / k, width: svg.clientWidth / k, height: svg.clientHeight / k }),
      );
    };
    behaviour.current = zoom().scaleExtent([0.02, 4]).on("zoom", moved);
    select(svg).call(behaviour.current).on("dblclick.zoom", null);
    return () => cancelAnimationFrame(waiting);
  }, []);
  useEffect(fit, [shown]);
  const change = (act: (all: Zoom) => void) => () => behaviour.current && act(behaviour.current);
  const by = (factor: number) => change((all) => frame.current && select(frame.current).call(all.scaleBy, factor));
  return html`
    <div class="picture">
      <div class="tools" role="toolbar" aria-label="Zoom">
        <button type="button" aria-label="Zoom in" onClick=${by(1.4)}>+</button>
        <button type="button" aria-label="Zoom out" onClick=${by(1 / 1.4)}>\u2212</button>
        <button type="button" onClick=${fit}>Fit</button>
      </div>
      <svg ref=${frame} role="group" aria-label=${`${counted(shown.nodes.length, "party").replace("partys", "parties")}, ${counted(shown.edges.length, "line")}`}>
        <defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="10" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>
        <g ref=${canvas}><${Drawing} picture=${shown} search=${search} seen=${seen} go=${go} focus=${focus} /></g>
      </svg>
      <p class="legend"><span class="key zone">zone</span><span class="key external">external network</span><span class="key firewall">firewall pair</span><span class="key vpn">VPN</span><span class="key outside">outside</span>
        <span class="hint">Drag moves, the wheel zooms, a click on a box shows its neighbours.</span></p>
    </div>`;
}

interface DrawingProps {
  readonly picture: PagePicture;
  readonly search: string;
  readonly seen: Seen | undefined;
  readonly focus: string;
  readonly go: Go;
}

function Drawing({ picture, search, seen, focus, go }: DrawingProps): ComponentChild {
  const { nodes, edges } = picture;
  const [active, setActive] = useState(0);
  const places = useMemo(() => new Map(nodes.map((one) => [one.id, one])), [nodes]);
  const many = nodes.length > MANY;
  const clear = !many || (seen !== undefined && seen.k >= CLEAR);
  const isSeen = (node: PageNode) =>
    !many ||
    !seen ||
    (node.x < seen.x + seen.width &&
      node.x + node.width > seen.x &&
      node.y < seen.y + seen.height &&
      node.y + node.height > seen.y);
  const key = (event: KeyboardEvent, index: number, node: PageNode) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") go({ focus: node.id });
    else if (step !== undefined) {
      const next = (index + step + nodes.length) % nodes.length;
      setActive(next);
      const group = (event.currentTarget as Element).parentElement;
      requestAnimationFrame(() => group?.querySelector<SVGElement>(`[data-index="${next}"]`)?.focus());
    } else return;
    event.preventDefault();
  };
  const faded = (node: PageNode) =>
    search !== "" && !has([node.id, node.title, node.subtitle, ...node.lines].join(" "), search);
  return html`
    ${edges.map(
      (edge) =>
        html`<${Line} edge=${edge} places=${places} thin=${many && focus === ""} faded=${[edge.from, edge.to].every(
          (id) => {
            const node = places.get(id);
            return node === undefined || faded(node);
          },
        )} />`,
    )}
    ${nodes.map(
      (
        node,
        index,
      ) => html`<g key=${node.id} class=${`node ${node.kind}${faded(node) ? " faded" : ""}${node.id === focus ? " focus" : ""}`} transform=${`translate(${node.x} ${node.y})`}
      role="button" data-index=${index} tabindex=${index === Math.min(active, nodes.length - 1) ? 0 : -1}
      onClick=${() => go({ focus: node.id === focus ? "" : node.id })} onKeyDown=${(event: KeyboardEvent) => key(event, index, node)}>
      <rect class="box" width=${node.width} height=${node.height} rx="6"/><path class="bar" d=${`M6 0H4a4 4 0 0 0-4 4v${node.height - 8}a4 4 0 0 0 4 4h2z`}/>
      ${clear && isSeen(node) ? html`<${Texts} node=${node} />` : html`<text class="title far" x="14" y=${node.height / 2 + 8}>${node.title}</text>`}
    </g>`,
    )}
    ${(!many || focus !== "") && edges.map((edge) => html`<${Labels} edge=${edge} places=${places} />`)}`;
}

function Texts({ node }: { readonly node: PageNode }): ComponentChild {
  const first = node.subtitle === "" ? 22 : 38;
  return html`<text class="title" x="14" y="22">${node.title}</text>
    ${node.subtitle !== "" && html`<text class="soft" x="14" y="38">${node.subtitle}</text>`}
    ${node.lines.map((text, index) => html`<text class="mono" x="14" y=${first + 16 * (index + 1)}>${text}</text>`)}`;
}

type Places = ReadonlyMap<string, PageNode>;

/** Through the points of the layout; straight where there are none. */
function pointsOf({ from, to, points }: PageEdge, places: Places): PageEdge["points"] {
  if (points.length > 1) return points;
  const [a, b] = [places.get(from), places.get(to)];
  if (!a || !b) return [];
  const right = b.x >= a.x + a.width;
  return [
    { x: right ? a.x + a.width : a.x, y: a.y + a.height / 2 },
    { x: right ? b.x : b.x + b.width, y: b.y + b.height / 2 },
  ];
}

function Line({
  edge,
  places,
  thin,
  faded,
}: {
  readonly edge: PageEdge;
  readonly places: Places;
  readonly thin: boolean;
  readonly faded: boolean;
}): ComponentChild {
  const points = pointsOf(edge, places);
  const [first, ...others] = points;
  const last = others.pop();
  if (!first || !last) return undefined;
  const bends = others.map((point, index) => {
    const next = others[index + 1] ?? last;
    return `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  const d = `M${first.x} ${first.y}${bends.join("")}L${last.x} ${last.y}`;
  return html`<path class=${`edge ${edge.kind}${thin ? " thin" : ""}${edge.points.length === 0 ? " long" : ""}${faded ? " faded" : ""}`} d=${d} marker-end=${edge.kind === "leg" ? undefined : "url(#arrow)"}/>`;
}

function Labels({ edge, places }: { readonly edge: PageEdge; readonly places: Places }): ComponentChild {
  const points = pointsOf(edge, places);
  const middle = points[Math.floor((points.length - 1) / 2)];
  const next = points[Math.floor(points.length / 2)];
  if (!middle || !next || edge.labels.length === 0) return undefined;
  const { x, y: centre } = edge.at ?? { x: (middle.x + next.x) / 2, y: (middle.y + next.y) / 2 };
  const y = centre - (edge.labels.length - 1) * 7 + 4;
  return html`<g class="labels" aria-hidden="true">${edge.labels.slice(0, 6).map((text, index) => html`<text class="mono" text-anchor="middle" x=${x} y=${y + index * 14}>${text}</text>`)}</g>`;
}
