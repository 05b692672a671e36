// The slider over the page's day: moves the day, fetches the same page as of it, and puts its content in place.
// Without this script the date field of the page serves. Pages opt in with a `data-timeline` address.
//
// A script of a page may take a day over: it listens to "daywanted" and prevents it; "daychange" tells
// every script that the content is new.

const DAY = 86_400_000;
const PATIENCE = 250; // milliseconds that an outdated request may still take
const STEPS = 240; // of playing from one end to the other
const PACE = 140; // milliseconds that each of them stands at least
const CROWD = 80; // milestones from which on their marks are short, or they would be one black band
const CALM_PACE = 1000; // the same, a year at a time, for readers who want less motion
const RENEWED = ["nav[aria-label=Main]", ".as-of", ".when > p", ".bottom", ".on-paper"];
const WORDS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const strip = document.querySelector(".when[data-timeline]");
if (strip) new Slider(strip).start();

function Slider(element) {
  const range = element.querySelector("input[type=range]");
  const button = element.querySelector("button");
  const shown = element.querySelector(".time-day");
  const ticks = element.querySelector(".ticks");
  const today = element.dataset.today;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  let days = new Map(); // acts on each day
  let milestones = new Map(); // what else happened on a day
  let stops = []; // the days at which the arrow keys halt
  let noun = "act"; // what happens on a day
  let first;
  let day = element.dataset.day; // what the slider says
  let here = day; // what the page shows
  let flight; // the request that is on its way
  let moved = false;
  let playing;

  this.start = async () => {
    const answer = await fetch(element.dataset.timeline);
    if (!answer.ok) return;
    read((await answer.json()).data);
    range.addEventListener("input", () => move(isoOf(Number(range.value))));
    range.addEventListener("keydown", onKey);
    button.addEventListener("click", () => (playing ? pause() : play()));
    addEventListener("popstate", () => move(dayOfAddress(), false));
    range.disabled = button.disabled = false;
    element.dataset.ready = "true";
  };

  function read(data) {
    first = data.first ?? today;
    noun = data.noun ?? noun;
    days = new Map(data.days);
    for (const each of data.milestones) {
      const words = data.instrument ? each.what : `${each.instrument_name} ${each.what}`;
      milestones.set(each.day, [...(milestones.get(each.day) ?? []), words]);
    }
    stops = [...new Set([...days.keys(), ...milestones.keys(), today])].sort();
    const last = [stops.at(-1), day].sort().at(-1);
    if (day < first) first = day;
    range.max = String(numberOf(last));
    say();
    drawTicks();
  }

  // -- days ---------------------------------------------------------------------------------------------

  function numberOf(iso) {
    return Math.round((Date.parse(iso) - Date.parse(first)) / DAY);
  }

  function isoOf(number) {
    return new Date(Date.parse(first) + number * DAY).toISOString().slice(0, 10);
  }

  function dayOfAddress() {
    return new URLSearchParams(location.search).get("as_of") || today;
  }

  function wordsOf(iso) {
    return WORDS.format(Date.parse(iso));
  }

  /** The slider, its value in words, and the day beside it. */
  function say() {
    range.value = String(numberOf(day));
    const count = days.get(day);
    const acts = count ? [`${count} ${noun}${count === 1 ? "" : "s"}`] : [];
    const also = day === today ? ["today"] : [];
    range.setAttribute("aria-valuetext", [wordsOf(day), ...also, ...acts, ...(milestones.get(day) ?? [])].join(", "));
    shown.textContent = wordsOf(day);
  }

  function drawTicks() {
    const whole = Math.max(Number(range.max), 1);
    const most = Math.max(...days.values(), 1);
    const at = (iso) => ((numberOf(iso) / whole) * 1000).toFixed(1);
    const acts = [...days].map(([iso, count]) => `M${at(iso)} 100v-${(18 + 62 * Math.sqrt(count / most)).toFixed(0)}`);
    const length = milestones.size > CROWD ? 26 : 100;
    const marks = [...milestones.keys()].map((iso) => `M${at(iso)} 0v${length}`);
    ticks.querySelector(".tick-acts").setAttribute("d", acts.join(""));
    ticks.querySelector(".tick-marks").setAttribute("d", marks.join(""));
  }

  // -- moving -------------------------------------------------------------------------------------------

  function onKey(event) {
    const to = {
      ArrowRight: () => stops.find((stop) => stop > day) ?? day,
      ArrowUp: () => stops.find((stop) => stop > day) ?? day,
      ArrowLeft: () => stops.findLast((stop) => stop < day) ?? day,
      ArrowDown: () => stops.findLast((stop) => stop < day) ?? day,
      PageUp: () => years(1),
      PageDown: () => years(-1),
      Home: () => stops[0],
      End: () => today,
    }[event.key];
    if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pause();
    move(to());
  }

  /** The same day so many years on, within what there is. */
  function years(number) {
    const there = new Date(Date.parse(day));
    there.setUTCFullYear(there.getUTCFullYear() + number);
    const iso = there.toISOString().slice(0, 10);
    return isoOf(Math.min(Math.max(numberOf(iso), 0), Number(range.max)));
  }

  async function move(to, remember = true) {
    day = to;
    say();
    const address = addressOf(day);
    if (remember) {
      if (moved) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
      moved = true;
    }
    const taken = !document.dispatchEvent(new CustomEvent("daywanted", { cancelable: true, detail: { day, address: address.href } }));
    if (taken) here = day;
    else await follow();
  }

  function addressOf(iso) {
    const address = new URL(location.href);
    if (iso === today) address.searchParams.delete("as_of");
    else address.searchParams.set("as_of", iso);
    return address;
  }

  /** Bring the page to the day that the slider says; a request that has become outdated is given little time. */
  async function follow() {
    if (flight) {
      const outdated = flight;
      outdated.late ??= setTimeout(() => outdated.abort(), PATIENCE);
      await outdated.done;
      return;
    }
    while (here !== day) {
      flight = new AbortController();
      flight.done = show(day, flight);
      const going = flight;
      const arrived = await going.done;
      clearTimeout(going.late);
      if (arrived === null) break;
    }
    flight = undefined;
  }

  /** Fetch the page as of a day and put it in place; null where only the browser can go on. */
  async function show(wanted, control) {
    element.dataset.busy = "true";
    try {
      const answer = await fetch(addressOf(wanted), { signal: control.signal, headers: { Accept: "text/html" } });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !found.querySelector(".when[data-timeline]")) throw new TypeError("not a page of this kind");
      renew(found);
      here = wanted;
      return true;
    } catch (trouble) {
      if (trouble.name === "AbortError") return false;
      location.assign(addressOf(wanted));
      return null;
    } finally {
      delete element.dataset.busy;
    }
  }

  // -- the page -----------------------------------------------------------------------------------------

  function renew(found) {
    const main = document.querySelector("main");
    const kept = remembered(main);
    main.replaceChildren(...found.querySelector("main").childNodes);
    restore(main, kept);
    for (const name of RENEWED) {
      const [old, fresh] = [document.querySelector(name), found.querySelector(name)];
      if (old && fresh) old.replaceWith(fresh);
    }
    element.classList.toggle("elsewhen", found.querySelector(".when").classList.contains("elsewhen"));
    renewSearch(found);
    document.title = found.title;
    document.dispatchEvent(new CustomEvent("daychange", { detail: { day } }));
  }

  /** The search box keeps what was typed; only the day that it asks about changes. */
  function renewSearch(found) {
    const [old, fresh] = [document.querySelector("form.search"), found.querySelector("form.search")];
    if (!old || !fresh) return;
    old.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
    old.append(...fresh.querySelectorAll("input[type=hidden]"));
    const [list, source] = [old.querySelector("[data-source]"), fresh.querySelector("[data-source]")];
    if (list && source) list.dataset.source = source.dataset.source;
  }

  function remembered(main) {
    return {
      open: new Set([...main.querySelectorAll("details[open]")].map(nameOf)),
      scrolled: [...main.querySelectorAll(".scroller, .map-window")].map((each) => [each.scrollLeft, each.scrollTop]),
    };
  }

  function restore(main, { open, scrolled }) {
    main.querySelectorAll("details").forEach((each) => { if (open.has(nameOf(each))) each.open = true; });
    main.querySelectorAll(".scroller, .map-window").forEach((each, number) => {
      [each.scrollLeft, each.scrollTop] = scrolled[number] ?? [0, 0];
    });
  }

  /** What a folding part is called, whatever the numbers of the day. */
  function nameOf(details) {
    return details.querySelector("summary")?.textContent.replace(/\d+/g, "#") ?? "";
  }

  // -- playing ------------------------------------------------------------------------------------------

  function play() {
    playing = true;
    button.setAttribute("aria-pressed", "true");
    step(numberOf(day) >= numberOf(today) ? first : day);
  }

  async function step(iso) {
    const began = performance.now();
    await move(iso);
    if (!playing) return;
    if (iso >= today) return pause();
    const pace = calm.matches ? CALM_PACE : PACE;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, pace - (performance.now() - began))));
    if (!playing) return;
    const ahead = calm.matches ? numberOf(years(1)) : numberOf(day) + Math.ceil(numberOf(today) / STEPS);
    step(isoOf(Math.min(ahead, numberOf(today))));
  }

  function pause() {
    playing = false;
    button.setAttribute("aria-pressed", "false");
  }
}
