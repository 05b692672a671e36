// The dates that the date slider can take: what happened on them, and which comes next. Nothing here touches the page.

const DAY_MS = 86_400_000;
const MANY_MILESTONES = 80; // from here on their ticks are short, or they would merge into one black band
/** @type {Intl.DateTimeFormatOptions} */
const LONG_DATE = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
/** @type {Record<string, string>} */
const ENGLISH = { today: "today", act: "actions: {n}", change: "changes: {n}" };

/**
 * @typedef {object} Timeline the answer of /timeline.json
 * @property {string | null} first
 * @property {string} [noun] what is counted on each date
 * @property {string | null} [instrument]
 * @property {[string, number][]} days
 * @property {{ day: string, what: string, instrument_name: string }[]} milestones
 */

/** The scale of a date slider. Dates are written as in ISO 8601; positions count days from the first date. */
export class DateScale {
  /**
   * @param {Timeline} timeline
   * @param {string} today
   * @param {string} shown the date that the page shows
   * @param {string} language the page's language
   * @param {Record<string, string>} words what is said in that language, by the keys of the timeline
   */
  constructor(timeline, today, shown, language = "en", words = ENGLISH) {
    this.today = today;
    this.language = language;
    this.words = words;
    this.noun = timeline.noun ?? "act";
    this.counts = new Map(timeline.days);
    this.milestones = milestoneTexts(timeline, words);
    this.stops = [...new Set([...this.counts.keys(), ...this.milestones.keys(), today])].sort();
    const first = timeline.first ?? today;
    this.first = shown < first ? shown : first;
    const last = this.stops.at(-1) ?? today;
    this.last = shown > last ? shown : last;
  }

  /** @param {string} date */
  positionOf(date) {
    return Math.round((Date.parse(date) - Date.parse(this.first)) / DAY_MS);
  }

  /** @param {number} position */
  dateAt(position) {
    return new Date(Date.parse(this.first) + position * DAY_MS).toISOString().slice(0, 10);
  }

  get lastPosition() {
    return this.positionOf(this.last);
  }

  /**
   * The next date after this one on which something happened, or the same date at the end.
   * @param {string} date
   */
  stopAfter(date) {
    return this.stops.find((stop) => stop > date) ?? date;
  }

  /** @param {string} date */
  stopBefore(date) {
    return this.stops.findLast((stop) => stop < date) ?? date;
  }

  /**
   * The same day so many years later, within the scale.
   * @param {string} date
   * @param {number} years
   */
  addYears(date, years) {
    const moved = new Date(Date.parse(date));
    moved.setUTCFullYear(moved.getUTCFullYear() + years);
    const position = this.positionOf(moved.toISOString().slice(0, 10));
    return this.dateAt(Math.min(Math.max(position, 0), this.lastPosition));
  }

  /**
   * Where a key moves the slider; undefined for keys that do not move it.
   * @param {string} key
   * @param {string} date
   * @returns {string | undefined}
   */
  dateForKey(key, date) {
    switch (key) {
      case "ArrowRight": case "ArrowUp": return this.stopAfter(date);
      case "ArrowLeft": case "ArrowDown": return this.stopBefore(date);
      case "PageUp": return this.addYears(date, 1);
      case "PageDown": return this.addYears(date, -1);
      case "Home": return this.stops[0];
      case "End": return this.today;
      default: return undefined;
    }
  }

  /**
   * The date in words, with what happened on it.
   * @param {string} date
   */
  describe(date) {
    const count = this.counts.get(date);
    return [
      longDate(date, this.language),
      ...(date === this.today ? [this.words.today] : []),
      ...(count ? [(this.words[this.noun] ?? "{n}").replace("{n}", String(count))] : []),
      ...(this.milestones.get(date) ?? []),
    ].join(", ");
  }

  /** The ticks as SVG paths in a box of 1000 by 100: what was counted from below, milestones from above. */
  tickPaths() {
    const width = Math.max(this.lastPosition, 1);
    const most = Math.max(...this.counts.values(), 1);
    /** @param {string} date */
    const x = (date) => ((this.positionOf(date) / width) * 1000).toFixed(1);
    const counts = [...this.counts].map(([date, count]) => `M${x(date)} 100v-${(18 + 62 * Math.sqrt(count / most)).toFixed(0)}`);
    const length = this.milestones.size > MANY_MILESTONES ? 26 : 100;
    const milestones = [...this.milestones.keys()].map((date) => `M${x(date)} 0v${length}`);
    return { counts: counts.join(""), milestones: milestones.join("") };
  }
}

/**
 * A date in words: `29 September 2003`, `1er juillet 2003`.
 * @param {string} date
 * @param {string} language
 */
export function longDate(date, language = "en") {
  const text = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, LONG_DATE).format(Date.parse(date));
  return language === "fr" ? text.replace(/^1 /, "1er ") : text;
}

/**
 * The milestones in words by date; with the instrument's name where the timeline is not that of one instrument.
 * @param {Timeline} timeline
 * @param {Record<string, string>} words
 */
function milestoneTexts({ milestones, instrument }, words) {
  /** @type {Map<string, string[]>} */
  const texts = new Map();
  for (const each of milestones) {
    const what = words[each.what] ?? each.what;
    const text = instrument ? what : `${each.instrument_name}: ${what}`;
    texts.set(each.day, [...(texts.get(each.day) ?? []), text]);
  }
  return texts;
}
