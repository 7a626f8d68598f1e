// @ts-check
/** Offsets that count code points, in a language whose strings count UTF-16 units. */
import { h, textNodes } from "./dom.js";

/** @typedef {import("./contract.d.ts").Span} Span */
/** @typedef {import("./contract.d.ts").Highlight} Highlight */

/** A text that can be sliced by code points, as Python's `text[start:end]` does. */
export class CodePoints {
  #points;

  /** @param {string} text */
  constructor(text) {
    this.#points = Array.from(text);
  }

  get length() {
    return this.#points.length;
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  slice(start, end) {
    return this.#points.slice(start, end).join("");
  }
}

/**
 * How many code points a text has: what the server counts when it limits a question's length.
 *
 * @param {string} text
 */
export function countCodePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * A short digest (FNV-1a) of words, for a link to say which words it means: an article may change after it was cited.
 *
 * @param {string} words
 */
export function fingerprint(words) {
  let digest = 0x811c9dc5;
  for (const point of words) digest = Math.imul(digest ^ (point.codePointAt(0) ?? 0), 0x01000193);
  return (digest >>> 0).toString(36);
}

/**
 * A stretch of text as nodes, with the spans that fall into it marked.
 *
 * @param {CodePoints} text what the offsets index
 * @param {Span} stretch
 * @param {Span[]} spans may overlap, touch, or lie outside the stretch
 * @returns {Node[]}
 */
export function marked(text, stretch, spans) {
  /** @type {Node[]} */
  const nodes = [];
  let at = stretch.start;
  for (const span of [...spans].sort((one, other) => one.start - other.start)) {
    const start = Math.max(span.start, at);
    const end = Math.min(span.end, stretch.end);
    if (start >= end) continue;
    nodes.push(...textNodes(text.slice(at, start)), h("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...nodes, ...textNodes(text.slice(at, stretch.end))];
}

/**
 * A quote's or passage's text with its highlight marked. Only strings are joined, so nothing here can miscount.
 *
 * @param {Highlight} highlight
 * @returns {Node[]}
 */
export function highlighted(highlight) {
  return [...textNodes(highlight.before), h("mark", {}, highlight.exact), ...textNodes(highlight.after)];
}
