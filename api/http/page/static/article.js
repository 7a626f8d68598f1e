// @ts-check
/** The article page: the stored text, paragraph by paragraph, with the cited words marked and in view. */
import { describe, here, Problem, whenReady } from "./client.js";
import { byId, h, outwardLink, plainText, webAddress } from "./dom.js";
import { rememberedPlace } from "./session.js";
import { CodePoints, fingerprint, marked } from "./text.js";
import { byline, counted } from "./words.js";

/** @typedef {import("./contract.d.ts").Article} Article */
/** @typedef {import("./contract.d.ts").Kind} Kind */
/** @typedef {import("./contract.d.ts").Span} Span */
/** @typedef {Span & {paragraph: number | null, kind: Kind}} Block a paragraph, or text that is none */

const view = byId("article", HTMLElement);
const announcer = byId("announcer", HTMLParagraphElement);

/**
 * The whole text in order: each paragraph once (a long one has several passages), and what lies between them.
 *
 * @param {Article} article
 * @param {CodePoints} text
 * @returns {Block[]}
 */
function blocksOf(article, text) {
  /** @type {Map<number, Block>} */
  const paragraphs = new Map();
  for (const { paragraph, kind, start, end } of article.passages) {
    const block = paragraphs.get(paragraph);
    if (block) {
      block.start = Math.min(block.start, start);
      block.end = Math.max(block.end, end);
    } else {
      paragraphs.set(paragraph, { paragraph, kind, start, end });
    }
  }
  /** @type {Block[]} */
  const blocks = [];
  let at = 0;
  for (const block of [...paragraphs.values()].sort((one, other) => one.start - other.start)) {
    blocks.push({ paragraph: null, kind: "boilerplate", start: at, end: block.start }, block);
    at = block.end;
  }
  blocks.push({ paragraph: null, kind: "boilerplate", start: at, end: text.length });
  return blocks.filter(({ start, end }) => text.slice(start, end).trim());
}

/**
 * @param {Article} article
 * @param {Span | null} cited
 * @returns {HTMLElement[]}
 */
function renderArticle(article, cited) {
  const text = new CodePoints(article.text);
  const original = webAddress(article.url);
  const line = byline(article);
  const blocks = blocksOf(article, text);
  const quotable = blocks.filter(({ kind }) => kind === "body" || kind === "caption").length;
  const note = `${counted(quotable, "paragraph")} can be quoted. What is set small and grey is kept, but never quoted.`;
  return [
    h(
      "header",
      {},
      h("h1", { dir: "auto" }, article.title),
      ...(line ? [h("p", { class: "byline", dir: "auto" }, line)] : []),
      ...(original ? [h("p", {}, outwardLink(original, "Read the original"))] : []),
    ),
    ...blocks.filter((block) => !repeatsTitle(block, text, article.title, cited)).map((block) => renderBlock(block, text, cited)),
    h("footer", { class: "colophon" }, h("p", {}, note)),
  ];
}

/**
 * Whether a block only says again what the page's heading says.
 *
 * @param {Block} block
 * @param {CodePoints} text
 * @param {string} title
 * @param {Span | null} cited
 */
function repeatsTitle({ start, end, kind }, text, title, cited) {
  const overlaps = cited && cited.start < end && start < cited.end;
  return kind !== "body" && !overlaps && text.slice(start, end).trim() === title.trim();
}

/**
 * @param {Block} block
 * @param {CodePoints} text
 * @param {Span | null} cited
 */
function renderBlock(block, text, cited) {
  const number = block.paragraph === null ? "" : String(block.paragraph);
  return h(
    "div",
    { class: `block ${block.kind}` },
    h("span", { class: "paragraph", "aria-hidden": "true" }, number),
    h("p", { dir: "auto" }, ...marked(text, block, cited ? [cited] : [])),
  );
}

/**
 * The span that the address names, `#start-end` or `#start-end-fingerprint`. A chat UI may put a text fragment behind
 * it, of which a browser leaves the `#`.
 *
 * @param {CodePoints} text
 * @returns {Span | null} null also when other words stand there now than were cited
 */
function citedSpan(text) {
  const match = /^#(\d+)-(\d+)(?:-(\w+))?#?$/.exec(location.hash);
  if (!match) return null;
  const [start, end] = [Number(match[1]), Number(match[2])];
  const words = text.slice(start, end);
  return start < end && end <= text.length && (!match[3] || match[3] === fingerprint(words)) ? { start, end } : null;
}

/** @param {Article} article */
function show(article) {
  document.title = `${plainText(article.title)} · On Record`;
  const cited = citedSpan(new CodePoints(article.text));
  const missed = "The article has changed: the cited words no longer stand at this place.";
  const warning = /^#\d/.test(location.hash) && !cited ? [h("p", { class: "warning" }, missed)] : [];
  if (warning.length) announcer.textContent = missed;
  view.replaceChildren(...warning, ...renderArticle(article, cited));
  const mark = view.querySelector("mark");
  if (!mark) return;
  mark.tabIndex = -1;
  mark.closest(".block")?.classList.add("cited");
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
  announcer.textContent = `Cited words: ${mark.textContent}`;
}

/** @param {Problem} problem */
function showNotReady(problem) {
  const verdict = "The server is not ready yet. Trying again…";
  announcer.textContent = verdict;
  view.replaceChildren(h("p", { class: "verdict" }, verdict), h("p", {}, `${problem.title}.`));
}

async function load() {
  const id = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
  try {
    const article = await whenReady(() => here.readArticle(id), showNotReady);
    show(article);
    addEventListener("hashchange", () => show(article));
  } catch (error) {
    const { title, detail } = describe(error);
    const again = h("button", { type: "button", class: "secondary", click: () => void load() }, "Try again");
    view.replaceChildren(h("h1", {}, title), h("p", { role: "alert" }, detail), h("p", { class: "actions" }, again));
  } finally {
    view.removeAttribute("aria-busy");
  }
}

const back = byId("back", HTMLAnchorElement);
const place = new URL(here.root);
place.hash = rememberedPlace();
back.href = place.href;
void load();
