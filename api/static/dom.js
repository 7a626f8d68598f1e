// @ts-check
/** Build elements without ever parsing markup: whatever an article contains, it reaches the page as text. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | EventListener>} [attributes] a function is a listener for the event it is
 *   named by, `true` an empty attribute, `false` no attribute
 * @param {...(Node | string)} children strings become text nodes
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
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
