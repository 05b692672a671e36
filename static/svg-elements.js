// SVG elements and their paths, for pictures that a script adds something to.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} [children]
 */
export function make(tag, attributes, children = []) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * @param {string} words
 * @param {Record<string, string | number>} attributes
 */
export function text(words, attributes) {
  return make("text", { "dominant-baseline": "central", "font-size": 11.5, ...attributes }, [words]);
}

/**
 * The point at a radius and an angle from twelve o'clock, as a path writes it.
 * @param {number} radius
 * @param {number} angle
 */
export function at(radius, angle) {
  return `${(radius * Math.sin(angle)).toFixed(1)} ${(-radius * Math.cos(angle)).toFixed(1)}`;
}

/**
 * A sector of a ring as a closed path.
 * @param {number} inner
 * @param {number} outer
 * @param {number} start
 * @param {number} end
 */
export function sector(inner, outer, start, end) {
  const large = end - start > Math.PI ? 1 : 0;
  return `M${at(outer, start)}A${outer} ${outer} 0 ${large} 1 ${at(outer, end)}L${at(inner, end)}A${inner} ${inner} 0 ${large} 0 ${at(inner, start)}Z`;
}
