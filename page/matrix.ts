import { html } from "htm/preact";
import type { ComponentChild } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageConnection } from "../src/answers/page/page-data.ts";
import type { Go } from "./app.ts";
import { Connections } from "./connections.ts";
import { short, wayText } from "./words.ts";

const CELL = 34;
const HEAD_HEIGHT = 140;
/** Rows and columns beyond the edge that are there already when somebody scrolls. */
const SPARE = 3;

interface Props {
  readonly found: readonly PageConnection[];
  readonly go: Go;
}

interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Who reaches whom as a grid. Only the cells on the screen exist, so that 500 zones are as quick as five. */
export function Matrix({ found, go }: Props): ComponentChild {
  const { senders, receivers, cells } = useMemo(() => gridOf(found), [found]);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const [picked, setPicked] = useState("");
  const [view, setView] = useState<Window>({ left: 0, top: 0, width: 1200, height: 700 });
  const box = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const head = view.width < 600 ? 118 : 190;
  const look = () => {
    const { current } = box;
    if (current)
      setView({
        left: current.scrollLeft,
        top: current.scrollTop,
        width: current.clientWidth,
        height: current.clientHeight,
      });
  };
  useEffect(() => {
    look();
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  }, []);
  useEffect(() => {
    if (moved.current) box.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
    moved.current = false;
  });
  if (senders.length === 0) return html`<p>No connection is found.</p>`;
  const [row, column] = [Math.min(at[0], senders.length - 1), Math.min(at[1], receivers.length - 1)];
  const move = (down: number, right: number) => {
    const next = [clamp(row + down, senders.length), clamp(column + right, receivers.length)] as const;
    moved.current = true;
    bringIntoView(box.current, next, head);
    setAt(next);
  };
  const key = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [10, 0],
      PageUp: [-10, 0],
      Home: [0, -receivers.length],
      End: [0, receivers.length],
    };
    const step = steps[event.key];
    if (step) move(...step);
    else if (event.key === "Enter" || event.key === " ") setPicked(keyOf(senders[row] ?? "", receivers[column] ?? ""));
    else return;
    event.preventDefault();
  };
  const rows = seen(view.top, view.height - HEAD_HEIGHT, senders.length, row);
  const columns = seen(view.left, view.width - head, receivers.length, column);
  const size = { width: head + receivers.length * CELL, height: HEAD_HEIGHT + senders.length * CELL };
  return html`
    <p class="legend"><span class="way gateway">through a gateway</span> <span class="way link">on one link</span> <span class="way eth0">eth0</span> Rows reach columns; arrow keys move, Enter opens.</p>
    <div class="matrix" ref=${box} onScroll=${look} onKeyDown=${key} role="grid" aria-label="Who reaches whom" aria-rowcount=${senders.length + 1} aria-colcount=${receivers.length + 1}>
      <div class="heads" role="row" aria-rowindex="1" style=${{ width: px(size.width), height: px(HEAD_HEIGHT) }}>
        <div class="corner" role="columnheader" aria-colindex="1" style=${{ width: px(head), height: px(HEAD_HEIGHT) }}>from / to</div>
        ${columns.map((index) => html`<div key=${index} class="columnhead" role="columnheader" aria-colindex=${index + 2} title=${receivers[index]} style=${{ left: px(head + index * CELL) }}><span>${short(receivers[index] ?? "")}</span></div>`)}
      </div>
      ${rows.map(
        (
          line,
        ) => html`<div key=${line} class="row" role="row" aria-rowindex=${line + 2} style=${{ top: px(HEAD_HEIGHT + line * CELL), width: px(size.width) }}>
        <div class="rowhead" role="rowheader" aria-colindex="1" title=${senders[line]} style=${{ width: px(head) }}>${short(senders[line] ?? "")}</div>
        ${columns.map(
          (
            index,
          ) => html`<${Cell} key=${index} from=${senders[line]} to=${receivers[index]} found=${cells.get(keyOf(senders[line] ?? "", receivers[index] ?? ""))}
          column=${index} left=${head + index * CELL} active=${line === row && index === column} pick=${() => {
            setAt([line, index]);
            setPicked(keyOf(senders[line] ?? "", receivers[index] ?? ""));
          }} />`,
        )}
      </div>`,
      )}
      <div role="none" style=${{ height: px(size.height - HEAD_HEIGHT), width: px(1) }}></div>
    </div>
    ${picked !== "" && html`<${Picked} key=${picked} found=${cells.get(picked) ?? []} pair=${JSON.parse(picked)} go=${go} />`}`;
}

interface PickedProps {
  readonly found: readonly PageConnection[];
  readonly pair: readonly [string, string];
  readonly go: Go;
}

function Picked({ found, pair, go }: PickedProps): ComponentChild {
  return html`<section aria-live="polite"><h3>${pair[0]} to ${pair[1]}</h3>
    ${found.length === 0 ? html`<p>Blocked.</p>` : html`<${Connections} found=${found} go=${go} />`}</section>`;
}

interface CellProps {
  readonly from: string;
  readonly to: string;
  readonly found: readonly PageConnection[] | undefined;
  readonly column: number;
  readonly left: number;
  readonly active: boolean;
  readonly pick: () => void;
}

function Cell({ from, to, found, column, left, active, pick }: CellProps): ComponentChild {
  const count = found && found.length > 1 ? `${found.length} connections: ` : "";
  const words = found ? found.map((one) => `${one.services.join(" ")} by ${wayText(one)}`).join("; ") : "blocked";
  return html`<div class=${found ? `cell open ${found[0]?.by}` : "cell"} role="gridcell" aria-colindex=${column + 2} tabindex=${active ? 0 : -1}
    style=${{ left: px(left) }} title=${`${from} to ${to}: ${words}`} aria-label=${`${from} to ${to}: ${count}${words}`} onClick=${pick}><span aria-hidden="true">${found ? (found.length > 1 ? found.length : "\u25cf") : ""}</span></div>`;
}

function gridOf(found: readonly PageConnection[]) {
  const cells = new Map<string, PageConnection[]>();
  for (const one of found) {
    const key = keyOf(one.from, one.to);
    const known = cells.get(key);
    if (known) known.push(one);
    else cells.set(key, [one]);
  }
  const names = (end: "from" | "to") => [...new Set(found.map((one) => one[end]))].sort();
  return { senders: names("from"), receivers: names("to"), cells };
}

function keyOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}

/** Indexes on the screen, and the one that has the keyboard. */
function seen(start: number, length: number, count: number, active: number): readonly number[] {
  const first = Math.max(0, Math.floor(start / CELL) - SPARE);
  const last = Math.min(count, Math.ceil((start + length) / CELL) + SPARE);
  const all = Array.from({ length: Math.max(0, last - first) }, (_none, index) => first + index);
  return all.includes(active) ? all : [...all, active].sort((a, b) => a - b);
}

function bringIntoView(box: HTMLDivElement | null, [row, column]: readonly [number, number], head: number): void {
  if (!box) return;
  const [top, left] = [row * CELL, column * CELL];
  const [high, wide] = [box.clientHeight - HEAD_HEIGHT - CELL, box.clientWidth - head - CELL];
  if (top < box.scrollTop) box.scrollTop = top;
  if (top > box.scrollTop + high) box.scrollTop = top - high;
  if (left < box.scrollLeft) box.scrollLeft = left;
  if (left > box.scrollLeft + wide) box.scrollLeft = left - wide;
}

function px(length: number): string {
  return `${length}px`;
}
