// The picture that the server has painted into the page: lights what is pointed at or focused, says it in words, and
// finds participants by angle and treaties by distance. Angles are radians, clockwise from twelve o'clock.

/** @import { Found, PaintedPlaces, Point } from "./network-types.js" */
import { litNode, nextNode, nodeNear } from "./network-nodes.js";
import { at, make, sector, text } from "./svg-elements.js";

const NAMES_REACH = 140; // beyond the rings, where names stand
const REGION_BAND = 34; // inside the rings
const LEVEL_NAMES = 340; // how far the names of the rings reach to the left
const MOST_NAMES = 110; // that are written round the rings
const NAME_ROOM = 12.6;
const LONGEST_NAME = 22; // letters
const SPINDLE_NAMES = 325; // the radius inside the names of the spindle
const TIP_DISTANCE = 14; // from the pointer
const [ZOOM_STEP, LARGEST_ZOOM] = [1.3, 6];

/** The painted picture on the page, whatever it shows at the time. */
export class Painting {
  /** @type {PaintedPlaces | undefined} */
  #places;
  /** @type {Found} */
  #resting = {}; // what is lit while nothing is pointed at
  #lit = "unknown";
  #tip = document.createElement("div");

  constructor() {
    this.#tip.className = "cell-tip";
    this.#tip.hidden = true;
    this.#tip.dataset.keep = "";
    document.body.append(this.#tip);
  }

  get element() {
    return document.getElementById("painting");
  }

  get #svg() {
    return /** @type {SVGSVGElement | null} */ (this.element?.querySelector("svg") ?? null);
  }

  get places() {
    return this.#places;
  }

  /** Show the middle of nodes and links that are wider than their frame, as on a phone; a chart begins on the left. */
  centre() {
    const { element } = this;
    if (element?.matches(".scene:not(.chart)") && !element.scrollLeft) element.scrollLeft = (element.scrollWidth - element.clientWidth) / 2;
  }

  /**
   * Enlarge the picture, which then can be moved about in its frame.
   * @param {string} how in, out or fit
   */
  zoom(how) {
    const { element } = this;
    if (!element) return;
    const before = Number(element.style.getPropertyValue("--zoom") || 1);
    const after = how === "fit" ? 1 : Math.min(LARGEST_ZOOM, Math.max(1, how === "in" ? before * ZOOM_STEP : before / ZOOM_STEP));
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = element;
    element.style.setProperty("--zoom", String(after));
    element.scrollTo((scrollLeft + clientWidth / 2) * (after / before) - clientWidth / 2, (scrollTop + clientHeight / 2) * (after / before) - clientHeight / 2);
  }

  /**
   * Show what is focused in a picture whose places are known, or forget both.
   * @param {PaintedPlaces | undefined} places
   * @param {string} [focus] the id of a participant or treaty
   */
  show(places, focus = "") {
    this.#places = places;
    this.#lit = "unknown";
    this.#resting = {
      participant: places?.participants.find(({ id }) => id === focus),
      treaty: places?.treaties.find(({ id }) => id === focus),
      node: places?.nodes?.find(({ id }) => id === focus),
    };
    this.light(this.#resting);
  }

  /**
   * Let something stay lit that no address names, such as a year.
   * @param {Found} target
   */
  rest(target) {
    this.#resting = target;
    this.#lit = "unknown";
    this.light(target);
  }

  /**
   * What stands under the pointer.
   * @param {{ clientX: number, clientY: number }} event
   * @returns {Found}
   */
  find(event) {
    const [svg, places] = [this.#svg, this.#places];
    const matrix = svg?.getScreenCTM();
    if (!svg || !matrix || !places) return {};
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    if (!places.nodes) return found(places, point);
    const id = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-id]")?.getAttribute("data-id");
    return { node: places.nodes.find((node) => node.id === id) ?? nodeNear(places.nodes, point) };
  }

  /**
   * What is lit at rest after a step of the keyboard; undefined for keys without a meaning here.
   * @param {string} key
   * @returns {Found | undefined}
   */
  step(key) {
    if (!this.#places?.nodes) return this.#places && stepped(key, this.#resting, this.#places);
    const node = nextNode(key, this.#resting.node, this.#places.nodes);
    return node && { node };
  }

  /**
   * Light something, let the rest fall back, and answer in the middle; nothing lights what is focused.
   * @param {Found} target
   * @param {PaintedPlaces["edges"]} [edges] the links of a node, where the picture does not hold them
   */
  light(target, edges) {
    const [svg, places] = [this.#svg, this.#places];
    const shown = target.participant || target.treaty || target.region || target.node ? target : this.#resting;
    const key = [shown.participant?.id ?? shown.node?.id, shown.participant ? "" : shown.treaty?.id, shown.region, edges ? "links" : ""].join("");
    if (!svg || key === this.#lit) return;
    this.#lit = key;
    svg.querySelector("#lit")?.remove();
    const isLit = key !== "";
    svg.classList.toggle("is-lit", isLit);
    for (const row of svg.querySelectorAll("#spindle-rows > .is-lit")) row.classList.remove("is-lit");
    const label = this.element?.dataset.label ?? "";
    if (!isLit || !places) return;
    if (shown.node) svg.append(litNode(svg, shown.node, { nodes: places.nodes, edges: edges ?? places.edges }));
    else svg.append(places.list ? litLinks(svg, shown, places, label) : litGroup(shown, places, label));
  }

  /**
   * What is lit, as words: the name, how many of its cells are counted, and the sentence of the cell.
   * @param {Found} target
   */
  describe(target) {
    const places = this.#places;
    const { participant, treaty, node } = target.participant || target.treaty || target.node ? target : this.#resting;
    const shown = participant ?? treaty;
    if (node && places) return [node.name, ...node.told].join(". ");
    if (!shown || !places) return "";
    if (participant && places.subject) return `${participant.name}. ${sentence({ participant, treaty: places.treaties[0] }, places)?.[1] ?? ""}`;
    const label = (treaty?.id.startsWith("year.") && places.year_label) || this.element?.dataset.label;
    return [`${shown.name}: ${shown.count} ${label ?? ""}`, sentence({ participant, treaty }, places)?.[1]].filter(Boolean).join(". ");
  }

  /**
   * Say what the pointer is over, beside it; without words the tooltip goes.
   * @param {Found} target
   * @param {{ clientX: number, clientY: number }} [event]
   */
  tell(target, event) {
    const { node } = target;
    const words = node ? [node.name, node.told.join(". ")] : this.#places && sentence(target, this.#places);
    this.#tip.hidden = !words || !event;
    if (!words || !event) return;
    const name = document.createElement("b");
    name.textContent = words[0] ?? "";
    this.#tip.replaceChildren(name, words[1] ?? "");
    const { offsetWidth, offsetHeight } = this.#tip;
    const x = Math.min(event.clientX + TIP_DISTANCE, innerWidth - offsetWidth - TIP_DISTANCE);
    const y = Math.min(event.clientY + TIP_DISTANCE, innerHeight - offsetHeight - TIP_DISTANCE);
    this.#tip.style.transform = `translate(${Math.max(0, x)}px, ${Math.max(0, y)}px)`;
  }
}

// -- finding ----------------------------------------------------------------------------------------------

/**
 * What stands at a point: no search is needed, the angle is the participant and the distance the treaty.
 * @param {PaintedPlaces} places
 * @param {Point} point
 * @returns {Found}
 */
export function found({ participants, treaties, list }, { x, y }) {
  if (list) return foundInSpindle({ participants, treaties, list }, { x, y });
  const [outer, inner] = [treaties[0]?.outer ?? 0, treaties.at(-1)?.inner ?? 0];
  const distance = Math.hypot(x, y);
  const angle = (Math.atan2(x, -y) + 2 * Math.PI) % (2 * Math.PI);
  if (x < 0 && x > -LEVEL_NAMES && y < 0 && angle > (participants.at(-1)?.end ?? 0)) {
    return { treaty: treaties.find((ring) => -y >= ring.inner && -y < ring.outer) };
  }
  const participant = participants.find(({ start, end }) => angle >= start && angle < end);
  if (distance < inner) return distance > inner - REGION_BAND ? { region: participant?.region } : {};
  if (distance > outer + NAMES_REACH) return {};
  return { participant, treaty: participant && treaties.find((ring) => distance >= ring.inner && distance < ring.outer) };
}

/**
 * In the spindle: a row of the list, or a participant on the ring or beside it.
 * @param {Required<Pick<PaintedPlaces, "participants" | "treaties" | "list">>} places
 * @param {Point} point
 * @returns {Found}
 */
function foundInSpindle({ participants, treaties, list }, { x, y }) {
  if (Math.abs(x) <= list.half) return { treaty: treaties.find(({ inner, outer }) => y >= inner && y < outer) };
  const [distance, angle] = [Math.hypot(x, y), Math.atan2(x, -y)];
  if (distance < list.ring[0] * 0.85 || distance > list.ring[1] + 2 * NAMES_REACH) return {};
  const turns = [angle, angle + 2 * Math.PI, angle + 4 * Math.PI];
  return { participant: participants.find(({ start, end }) => turns.some((turn) => turn >= start && turn < end)) };
}

/**
 * Where a key leads from what is focused: right and left round the ring, up and down between rings, Home and End to the
 * ends of a region.
 * @param {string} key
 * @param {Found} from
 * @param {PaintedPlaces} places
 * @returns {Found | undefined}
 */
export function stepped(key, { participant, treaty }, { participants, treaties }) {
  const around = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const across = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (around) return { participant: next(participants, participant, around) };
  if (across) return { treaty: next(treaties, treaty, across) };
  if (key !== "Home" && key !== "End") return undefined;
  const ofRegion = participants.filter(({ region }) => !participant || region === participant.region);
  return { participant: ofRegion.at(key === "Home" ? 0 : -1) };
}

/**
 * @template {{ id: string }} T
 * @param {T[]} all
 * @param {T | undefined} one
 * @param {number} step
 */
function next(all, one, step) {
  const index = all.findIndex(({ id }) => id === one?.id);
  return index < 0 ? all.at(step > 0 ? 0 : -1) : all[(index + step + all.length) % all.length];
}

/**
 * The name and the words for what is found.
 * @param {Found} target
 * @param {PaintedPlaces} places
 * @returns {[string, string] | undefined}
 */
export function sentence({ participant, treaty }, { participants, treaties, sentences, words, subject }) {
  if (!participant || !treaty) return undefined;
  const words_ = words[treaties.findIndex(({ id }) => id === treaty.id)]?.[participants.findIndex(({ id }) => id === participant.id)];
  const text = words_ === undefined ? undefined : sentences[words_];
  return text === undefined ? undefined : [participant.name, `${subject || treaty.name}: ${text}`];
}

// -- drawing ----------------------------------------------------------------------------------------------

/**
 * A veil over the cells, the cells that are lit, the names that matter, and the answer in the middle.
 * @param {Found} target
 * @param {PaintedPlaces} places
 * @param {string} label
 */
function litGroup({ participant, treaty, region }, places, label) {
  const { participants, treaties, outstanding } = places;
  const [outer, inner] = [treaties[0]?.outer ?? 0, treaties.at(-1)?.inner ?? 0];
  const ring = participant ? undefined : treaty;
  const lit = participant ? [participant] : region ? participants.filter((each) => each.region === region) : participants;
  const counted = ring ? outstanding[treaties.findIndex(({ id }) => id === ring.id)]?.map((index) => participants[index]) : lit.filter(({ count }) => count);
  const named = participant ? [participant] : (counted ?? []).filter((each) => each !== undefined);
  const answer = participant ?? ring ?? { name: region ?? "", count: lit.reduce((sum, { count }) => sum + count, 0) };
  const path = sector(ring?.inner ?? inner, ring?.outer ?? outer, lit[0]?.start ?? 0, lit.at(-1)?.end ?? 0);
  return make("g", { id: "lit" }, [
    make("clipPath", { id: "lit-part" }, [make("path", { d: path })]),
    make("path", { id: "veil", d: sector(inner, outer + 1, participants[0]?.start ?? 0, participants.at(-1)?.end ?? 0) }),
    make("use", { href: "#cells", "clip-path": "url(#lit-part)" }),
    ...(named.length <= MOST_NAMES ? nameMarks(named, outer, Boolean(participant)) : []),
    ...(participant && places.acts ? actMarks(participant, places) : []),
    ...middleWords(answer, (ring?.id.startsWith("year.") && places.year_label) || label, participant && places.acts ? sentence({ participant, treaty: treaties[0] }, places)?.[1] : undefined),
  ]);
}

/**
 * In the spindle: the links of a participant, a treaty or a region over all others, and the names at their ends.
 * @param {SVGSVGElement} svg
 * @param {Found} target
 * @param {PaintedPlaces} places
 * @param {string} label
 */
function litLinks(svg, { participant, treaty }, { participants, treaties, outstanding }, label) {
  /** @type {Set<PaintedPlaces["participants"][number]>} */
  const ends = new Set(participant ? [participant] : []);
  const links = [...svg.querySelectorAll("#spindle-links > g")].flatMap((group, row) =>
    (outstanding[row] ?? []).flatMap((number, place) => {
      const end = participants[number];
      const path = group.children[place];
      if (!end || !path || (participant ? end !== participant : treaties[row] !== treaty)) return [];
      ends.add(end);
      svg.querySelector(`#spindle-rows > g[data-row="${row}"]`)?.classList.add("is-lit");
      const link = /** @type {Element} */ (path.cloneNode());
      link.setAttribute("class", "link");
      return [link];
    }));
  const named = participants.filter((each) => ends.has(each));
  const top = (treaties[0]?.inner ?? 0) - 16;
  return make("g", { id: "lit", fill: "none", "stroke-width": 2 }, [
    ...links,
    ...(named.length <= MOST_NAMES ? nameMarks(named, SPINDLE_NAMES, Boolean(participant)) : []),
    text(`${cut((participant ?? treaty)?.name ?? "")}: ${links.length} ${label}`, { y: top, "font-weight": 600, "text-anchor": "middle" }),
  ]);
}

/**
 * The answer in the middle: how many and of what, or what one participant did and when.
 * @param {{ name: string, count: number }} answer
 * @param {string} label
 * @param {string | undefined} words
 */
function middleWords(answer, label, words) {
  if (words) {
    const lines = words.split(/[:.] /).slice(1, 5);
    return [answer.name, ...lines].map((line, index) => text(cut(line), { y: 15 * (index - lines.length / 2), "font-weight": index ? 400 : 600, "text-anchor": "middle" }));
  }
  return [
    text(answer.count.toLocaleString(document.documentElement.lang), { class: "number", y: -16, "font-size": 30, "font-weight": 600, "text-anchor": "middle" }),
    text(cut(answer.name), { y: 10, "font-weight": 600, "text-anchor": "middle" }),
    text(label, { y: 27, "text-anchor": "middle" }),
  ];
}

/**
 * The acts of one participant on the years, larger than at rest, with the line from its consent to the date.
 * @param {PaintedPlaces["participants"][number]} participant
 * @param {PaintedPlaces} places
 */
function actMarks(participant, { participants, acts, treaties }) {
  const middle = (participant.start + participant.end) / 2;
  const own = acts?.[participants.indexOf(participant)] ?? [];
  const first = own.find(([, , kind]) => kind === "consent");
  const line = first ? [make("path", { class: "hairline", d: `M${at(first[1], middle)}L${at(treaties[0]?.inner ?? 0, middle)}` })] : [];
  return [...line, ...own.map(([from, to, kind]) => make("path", { class: `act ${kind}`, d: `M${at(from, middle)}L${at(to + 0.01, middle)}` }))];
}

/**
 * Names round the rings, spread so that none touches another, each with a hairline to its cells.
 * @param {PaintedPlaces["participants"]} named
 * @param {number} outer
 * @param {boolean} isStrong
 */
function nameMarks(named, outer, isStrong) {
  const angles = spread(named.map(({ start, end }) => (start + end) / 2), NAME_ROOM / (outer + 22));
  return named.flatMap(({ short, start, end }, index) => {
    const angle = angles[index] ?? 0;
    const isOver = Math.sin(angle) < 0;
    const turn = (angle * 180) / Math.PI - 90 + (isOver ? 180 : 0);
    return [
      make("path", { class: "hairline", d: `M${at(outer + 7, (start + end) / 2)}L${at(outer + 17, angle)}` }),
      text(cut(short), {
        transform: `rotate(${turn.toFixed(1)})`, x: (isOver ? -1 : 1) * (outer + 20), "text-anchor": isOver ? "end" : "start",
        "font-size": isStrong ? 13.5 : 11.5, "font-weight": isStrong ? 700 : 400,
      }),
    ];
  });
}

/**
 * Angles in ascending order, moved apart until each two neighbours are `least` from one another; none leaves the start.
 * @param {number[]} angles
 * @param {number} least
 */
export function spread(angles, least) {
  if (angles.length < 2) return angles;
  const moved = [...angles];
  for (let sweep = 0; sweep < 80; sweep += 1) {
    moved.splice(0, 1, Math.max(0, moved[0] ?? 0));
    for (let index = 1; index < moved.length; index += 1) {
      const [before = 0, after = 0] = moved.slice(index - 1, index + 1);
      const short = least - (after - before);
      if (short > 0) moved.splice(index - 1, 2, before - short / 2, after + short / 2);
    }
  }
  return moved;
}

/** @param {string} name */
function cut(name) {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1).trimEnd()}…`;
}
