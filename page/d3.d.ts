// The few functions of d3 that the page uses; the packages have no types of their own.
declare module "d3-selection" {
  export interface Selection {
    call(behaviour: unknown, ...args: unknown[]): Selection;
    on(type: string, listener: null): Selection;
  }
  export function select(element: Element): Selection;
}

declare module "d3-zoom" {
  export interface Transform {
    readonly k: number;
    readonly x: number;
    readonly y: number;
    translate(x: number, y: number): Transform;
    scale(k: number): Transform;
  }
  export interface Zoom {
    (selection: unknown): void;
    scaleExtent(extent: readonly [number, number]): Zoom;
    on(type: "zoom", listener: (event: { readonly transform: Transform }) => void): Zoom;
    transform(selection: unknown, transform: Transform): void;
    scaleBy(selection: unknown, factor: number): void;
    translateBy(selection: unknown, x: number, y: number): void;
  }
  export function zoom(): Zoom;
  export const zoomIdentity: Transform;
}
