// @ts-check
/** Build elements without ever parsing markup: whatever an article contains, it reaches the page as text. */

/** The characters that open or close an embedding, an override or an isolate, by their names in UAX #9. */
const CONTROLS = new Map(
  Object.entries({
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
  }),
);
const CONTROL = /([\u202a-\u202e\u2066-\u2069])/;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | EventListener>} [attributes] a function is a listener for the event it is
 *   named by, `true` an empty attribute, `false` no attribute
 * @param {...(Node | string)} children strings become text, by `textNodes`
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flatMap((child) => (typeof child === "string" ? textNodes(child) : child)));
  return element;
}

/**
 * Text as nodes that hold all of its characters. A character that could reorder what stands around it (bidi control)
 * is put where it cannot, and is shown: a quote must not look other than it is written.
 *
 * @param {string} text
 * @returns {Node[]}
 */
export function textNodes(text) {
  return text
    .split(CONTROL)
    .filter(Boolean)
    .map((piece) => {
      const name = CONTROLS.get(piece);
      const shown = document.createTextNode(piece);
      return name ? h("span", { class: "control", "data-name": name, title: "A text direction control" }, shown) : shown;
    });
}

/**
 * Text for where only characters go, as the title of a window: without what could reorder it.
 *
 * @param {string} text
 */
export function plainText(text) {
  return text.split(CONTROL).filter((piece) => !CONTROLS.has(piece)).join("");
}

/**
 * An element that the page's own HTML promises to hold.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} with the id “${id}”`);
  return element;
}

/**
 * Where a link may lead: an http or https address, or nowhere.
 *
 * @param {string | null} address
 * @returns {string | null} never `javascript:`, `data:` or anything else that could act instead of navigate
 */
export function webAddress(address) {
  if (!address || !URL.canParse(address)) return null;
  const { protocol } = new URL(address);
  return protocol === "https:" || protocol === "http:" ? address : null;
}

/**
 * A link away from this site.
 *
 * @param {string} address an answer of `webAddress`
 * @param {string} words
 * @returns {HTMLAnchorElement}
 */
export function outwardLink(address, words) {
  return h("a", { href: address, rel: "noopener noreferrer", class: "quiet" }, words);
}
