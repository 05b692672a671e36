// Fetching JSON, and remembering what was fetched.

/**
 * The JSON at an address. Throws when the server refuses it.
 * @param {string | URL} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function fetchJson(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${String(url)} answered ${response.status}`);
  return response.json();
}

/** Remembers the latest answers by address. A request that failed is forgotten, so the next one tries again. */
export class JsonCache {
  #limit;
  /** @type {Map<string, Promise<any>>} */
  #answers = new Map();

  /** @param {number} limit how many answers are remembered */
  constructor(limit = 100) {
    this.#limit = limit;
  }

  /**
   * The JSON at an address, fetched if it is not remembered.
   * @param {string} url
   * @returns {Promise<any>}
   */
  get(url) {
    const known = this.#answers.get(url);
    if (known) return known;
    const answer = fetchJson(url);
    this.#answers.set(url, answer);
    answer.catch(() => this.#answers.delete(url));
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#limit && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }
}
