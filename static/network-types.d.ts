/**
 * Types shared by the scripts of the network page: the places that the server sends, the state of the page,
 * and the part of vis-network that is used. The browser does not load this file.
 */

export type View = "gaps" | "clocks" | "spindle" | "growth" | "ties" | "ego" | "profiles" | "backbone" | "changes";
export type Group = "participant" | "instrument" | "body" | "column" | "profile" | "clock";

/** What the address asks for. */
export interface State {
  view: View;
  focus: string;
}

export interface Named {
  id: string;
  label: string;
  name: string;
}

export interface DrawnNode extends Named {
  group: Group;
  code: string;
  x: number;
  y: number;
  /** What is said of it beside its name. */
  told: string[];
  /** Of a pattern: which columns it has. */
  has?: boolean[];
}

export interface Edge {
  from: string;
  to: string;
  kind: string;
  title: string;
}

/** The answer of /network/drawing: where everything stands in the picture, and what it says. */
export interface PaintedPlaces {
  as_of: string;
  /** Of a node-link view or a chart its nodes and links; `complete` says whether these are all. */
  nodes?: DrawnNode[];
  edges?: Edge[];
  complete?: boolean;
  /** What all sentences are about, where rings are years. */
  subject?: string;
  /** Where treaties are a list in the middle: half its width, and the radii of the ring. Rows go from `inner` to `outer`. */
  list?: { half: number; ring: [number, number] };
  /** What the numbers of years count. */
  year_label?: string;
  /** Of each participant, where one treaty is shown: the radii between which its acts lie, and what each did. */
  acts?: [number, number, string][][] | null;
  participants: { id: string; name: string; short: string; region: string; start: number; end: number; count: number }[];
  /** From the outside inwards; years where one treaty is shown. */
  treaties: { id: string; name: string; inner: number; outer: number; count: number }[];
  sentences: string[];
  /** Of each treaty, for each participant: the number of its sentence; −1 for none. */
  words: number[][];
  /** Of each treaty: the numbers of the participants that are counted. */
  outstanding: number[][];
}

/** How an element of the picture changes: attributes (null for none), and children: kept, kept and changed, or new. */
export interface PictureChange {
  set?: Record<string, string | null>;
  children?: (number | [number, PictureChange] | string)[];
}

/** What differs on a date from the one before, as /network/frames gives it. */
export interface Frame {
  as_of: string;
  /** Markup by the id of the element that it fills. */
  parts: Record<string, string>;
  /** Attributes of the element round the picture. */
  painting: Record<string, string>;
  picture: PictureChange;
}

/** What is pointed at or focused in a painted picture. */
export interface Found {
  participant?: PaintedPlaces["participants"][number];
  treaty?: PaintedPlaces["treaties"][number];
  region?: string;
  node?: DrawnNode;
}

export interface Point {
  x: number;
  y: number;
}

export interface VisNetwork {
  fit(): void;
  destroy(): void;
  getScale(): number;
  moveTo(options: { scale: number }): void;
}

declare global {
  var vis: { Network: new (element: Element, data: { nodes: object[]; edges: object[] }, options: object) => VisNetwork };
  interface DocumentEventMap {
    datewanted: CustomEvent<{ date: string; following: string[]; isMoving: boolean; shown?: Promise<void> }>;
  }
}
