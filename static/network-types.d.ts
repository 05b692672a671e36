/**
 * Types shared by the scripts of the network page: the drawing that the server sends, the state of the page,
 * and the part of vis-network that is used. The browser does not load this file.
 */

export type View = "gaps" | "spindle" | "growth" | "ties" | "ego" | "profiles" | "backbone" | "changes";
export type Group = "participant" | "instrument" | "body" | "column" | "profile";
export type Orientation = "wide" | "tall";

/** What the address asks for. */
export interface State {
  view: View;
  instruments: string[];
  standing: string[];
  focus: string;
  /** Are instruments that are not yet in force included? */
  pending: boolean;
}

export interface Named {
  id: string;
  label: string;
  name: string;
}

export interface DrawnNode extends Named {
  group: Group;
  code: string;
  region: string;
  x: number;
  y: number;
  /** Direction from the middle, in radians. */
  angle: number;
  facts: Record<string, string | number>;
  /** One of very many: drawn as a small mark. */
  small?: boolean;
  /** Size between 0 and 1 of what the mark counts. */
  share?: number;
  /** How many edges it has, and the kind of most of them, where the server counted them. */
  count?: number;
  most?: EdgeKind;
  /** What changed between two dates, such as "+5 −1". */
  tally?: string;
  /** Number of its colour. */
  tint?: number;
  /** Of a profile: which columns it has, how many participants it counts, and the first of their names. */
  has?: boolean[];
  size?: number;
  members?: string[];
}

export type EdgeKind = keyof typeof import("./network-line-styles.js").LINE_STYLES;

export interface Edge {
  from: string;
  to: string;
  kind: EdgeKind;
  view: View;
  title: string;
  /** Does it lead to an instrument that is not yet in force? */
  pending?: boolean;
  share?: number;
  /** Set by the script: tells the edge from all others. */
  key?: string;
}

export interface Region {
  name: string;
  x: number;
  y: number;
  angle: number;
  arc: [number, number][];
}

/** The answer of /network/drawing. */
export interface DrawingData {
  view: View;
  as_of: string;
  nodes: DrawnNode[];
  edges: Edge[];
  options: { interaction: object };
  half: { wide: [number, number]; tall?: [number, number] };
  middle: [number, number];
  regions: Region[];
  rings: { wide: number; high: number }[];
  complete: boolean;
  total: number;
  tall?: number;
  bars?: number;
  column?: number;
  row?: number;
  shown?: number;
  profiles?: number;
  above?: number;
  width?: number;
}

/** A drawing whose nodes can be looked up by id. */
export type Drawing = Omit<DrawingData, "nodes"> & { nodes: Map<string, DrawnNode> };

/** The drawing of the profiles: a chart with columns and rows. */
export type ChartDrawing = Drawing &
  Required<Pick<DrawingData, "bars" | "column" | "row" | "shown" | "profiles" | "above" | "width">>;

/** The answer of /network/drawing for a picture that the server paints: where everything stands, and what it says. */
export interface PaintedPlaces {
  as_of: string;
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

/** What is pointed at or focused in a painted picture. */
export interface Found {
  participant?: PaintedPlaces["participants"][number];
  treaty?: PaintedPlaces["treaties"][number];
  region?: string;
}

/** What the answers to questions highlight in the picture. */
export interface Highlights {
  path: string[];
  steps: { from: string; to: string }[];
  alike: string[];
  groups: Record<string, number>;
  sizes: Record<string, number>;
}

/** How many edges a node has, and the most important kind among them. */
export interface Tally {
  count: number;
  kind: EdgeKind | "";
}

/** What is drawn for a node, and how large it is. */
export interface Mark {
  draw: () => void;
  label?: () => void;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface VisRenderRequest extends Point {
  ctx: CanvasRenderingContext2D;
  id: string;
  state: { hover: boolean };
}

export interface VisDataSet {
  add(items: object[]): void;
  update(items: object[]): void;
  remove(ids: (string | undefined)[]): void;
  clear(): void;
  getIds(): string[];
}

export interface VisNetwork {
  on(event: "beforeDrawing", listener: (ctx: CanvasRenderingContext2D) => void): void;
  on(event: "click", listener: (event: { nodes: string[]; pointer: { canvas: Point } }) => void): void;
  on(event: "hoverNode", listener: (event: { node: string }) => void): void;
  on(event: "blurNode" | "zoom" | "dragStart", listener: () => void): void;
  once(event: "afterDrawing", listener: () => void): void;
  setOptions(options: object): void;
  getScale(): number;
  moveTo(options: { position?: Point; scale?: number }): void;
  redraw(): void;
}

declare global {
  var vis: {
    DataSet: new () => VisDataSet;
    Network: new (element: Element, data: { nodes: VisDataSet; edges: VisDataSet }, options: object) => VisNetwork;
  };
  interface DocumentEventMap {
    datewanted: CustomEvent<{ shown?: Promise<void> }>;
  }
}
