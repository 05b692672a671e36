// Moves the nodes of a view by hand, with vis-network as pyvis has it. A node stays where it is put down.

import { fetchJson } from "./json-requests.js";

/** Draws the nodes of an address into the picture, in place of the painting, until it is closed. */
export class MovableNodes {
  /** @type {import("./network-types.js").VisNetwork | undefined} */
  #network;

  get isOpen() {
    return this.#network !== undefined;
  }

  /**
   * @param {HTMLElement} stage where the picture is
   * @param {string} script the address of vis-network
   * @param {string} address the address of the nodes
   */
  async open(stage, script, address) {
    if (!("vis" in globalThis)) await loaded(script);
    const data = await fetchJson(address);
    const element = Object.assign(document.createElement("div"), { id: "free" });
    element.dataset.keep = "";
    stage.prepend(element);
    stage.classList.add("is-free");
    const style = getComputedStyle(document.documentElement);
    /** @param {string} name */
    const ink = (name) => style.getPropertyValue(`--${name}`).trim();
    for (const node of data.nodes) {
      const isBox = node.shape === "box";
      node.font = { color: ink("ink"), size: isBox ? 13 : 10 };
      node.color = isBox ? { background: ink("paper"), border: ink("ink") } : ink(node.ink);
    }
    for (const edge of data.edges) Object.assign(edge, { color: { color: ink(edge.ink), opacity: 0.6 } });
    this.#network = new globalThis.vis.Network(element, { nodes: data.nodes, edges: data.edges }, data.options);
    this.#network.fit();
  }

  close() {
    this.#network?.destroy();
    this.#network = undefined;
    document.getElementById("free")?.remove();
    document.querySelector(".is-free")?.classList.remove("is-free");
  }

  /** @param {number} factor */
  zoom(factor) {
    if (factor) this.#network?.moveTo({ scale: this.#network.getScale() * factor });
    else this.#network?.fit();
  }
}

/** @param {string} address */
function loaded(address) {
  return new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed }));
  });
}
