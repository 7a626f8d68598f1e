// @ts-check
/** An answer as elements: its quotes with where they stand, or that there is none; and the passages that were read. */
import { h, outwardLink, webAddress } from "./dom.js";
import { CodePoints, highlighted, marked } from "./text.js";
import {
  attributed, confidenceWords, counted, dateWords, DISAGREE, INDEX_COMMAND, placeWords, refusalWords,
} from "./words.js";

/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./contract.d.ts").ArticleName} ArticleName */
/** @typedef {import("./contract.d.ts").Passage} Passage */
/** @typedef {import("./contract.d.ts").Quote} Quote */

/** @typedef {import("./client.js").Client} Client */

/**
 * Where answers come from, and how they stand in their page.
 *
 * @typedef {object} Place
 * @property {Client} client whom was asked
 * @property {boolean} newTab whether citations open in one
 * @property {"h2" | "h3"} heading what a question is
 */

const COPIED_FOR_MS = 2000;

/**
 * @param {Answer} answer
 * @param {string} prefix begins the ids of what can be linked to
 * @param {Place} place
 * @returns {HTMLElement[]}
 */
export function renderAnswer(answer, prefix, place) {
  const kinds = new Map(answer.passages.map((passage) => [passage.passage_id, passage.kind]));
  if (answer.status === "answered") {
    const quotes = answer.quotes.map((quote, index) =>
      renderQuote(quote, kinds.get(quote.citation.passage_id), `${prefix}-quote-${index + 1}`, place),
    );
    const differ = answer.quotes.some((quote) => quote.disagrees) ? [h("p", { class: "warning" }, DISAGREE)] : [];
    return [...differ, ...quotes, ...renderPassages(answer, prefix, place)];
  }
  return [renderNotFound(answer), ...renderPassages(answer, prefix, place)];
}

/**
 * @param {Quote} quote
 * @param {string | undefined} kind of the passage it stands in
 * @param {string} id
 * @param {Place} place
 */
function renderQuote(quote, kind, id, place) {
  const { citation } = quote;
  const original = webAddress(citation.link ?? citation.url);
  return h(
    "figure",
    { class: "quote" },
    h("blockquote", { dir: "auto" }, h("p", {}, ...highlighted(quote.highlight))),
    h(
      "figcaption",
      {},
      renderCitation(
        place,
        { id, href: place.client.articlePage(citation.article_id, quote.highlight) },
        h("span", { class: "number" }, `[${citation.number}]`),
        renderWhere(citation.title, { ...citation, kind }),
      ),
      h(
        "div",
        { class: "notes" },
        ...(quote.disagrees && citation.published ? [h("span", {}, dateWords(citation.published))] : []),
        renderConfidence(quote.confidence),
        ...(original ? [outwardLink(original, "Original")] : []),
        ...renderCopy(quote),
      ),
      ...renderCopies(citation.also_in, place),
    ),
  );
}

/**
 * A link to where words stand in their article.
 *
 * @param {Place} place
 * @param {Record<string, string>} attributes
 * @param {...HTMLElement} parts
 */
function renderCitation({ newTab }, attributes, ...parts) {
  const link = h("a", { class: "citation", ...attributes }, ...parts);
  if (newTab) {
    link.target = "_blank";
    link.rel = "noopener";
    link.append(h("span", { class: "visually-hidden" }, "(opens in a new tab)"));
  }
  return link;
}

/**
 * @param {string} title
 * @param {{page: number | null, paragraph: number, kind?: string}} place
 */
function renderWhere(title, place) {
  return h("span", { class: "where" }, h("bdi", { class: "title" }, title), " ", h("span", {}, placeWords(place)));
}

/**
 * @param {ArticleName[]} articles those in which the same words stand, as in copies of an agency's report
 * @param {Place} place
 * @returns {HTMLElement[]} nothing, or one folded list
 */
function renderCopies(articles, place) {
  if (!articles.length) return [];
  const items = articles.map(({ article_id: id, title }) => {
    const name = h("bdi", { class: "title" }, title);
    return h("li", {}, renderCitation(place, { href: place.client.articlePage(id) }, name));
  });
  const summary = h("summary", {}, `The same words stand in ${counted(articles.length, "other article")}`);
  return [h("details", { class: "passages" }, summary, h("ol", {}, ...items))];
}

/** @param {number} probability */
function renderConfidence(probability) {
  const { level, words, exactly } = confidenceWords(probability);
  return h(
    "span",
    { class: `confidence ${level}`, title: exactly },
    words,
    h("span", { class: "visually-hidden" }, ` (${exactly})`),
  );
}

/**
 * @param {Quote} quote
 * @returns {HTMLElement[]} a button, and what a screen reader is told after it was pressed
 */
function renderCopy(quote) {
  const status = h("span", { class: "visually-hidden", role: "status" });
  const button = h("button", { type: "button", class: "quiet", click: () => void copy() }, "Copy quote");
  const copy = async () => {
    status.textContent = (await copied(attributed(quote))) ? "Copied" : "Copying failed";
    button.textContent = status.textContent;
    setTimeout(() => {
      status.textContent = "";
      button.textContent = "Copy quote";
    }, COPIED_FOR_MS);
  };
  return [button, status];
}

/**
 * Put text on the clipboard, also on pages served over plain http, where browsers offer only the old way.
 *
 * @param {string} text
 */
async function copied(text) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const put = (/** @type {ClipboardEvent} */ event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put);
  return done;
}

/** @param {Answer} answer */
function renderNotFound(answer) {
  const how = answer.reason === "empty_corpus" ? [" Add some on the server: ", h("code", {}, INDEX_COMMAND)] : [];
  const { verdict, why } = refusalWords(answer);
  return h(
    "div",
    { class: "not-found" },
    h("p", { class: "verdict" }, verdict),
    ...(why ? [h("p", {}, why, ...how)] : []),
  );
}

/**
 * @param {Answer} answer
 * @param {string} prefix
 * @param {Place} place
 * @returns {HTMLElement[]} nothing, or one list: folded, unless one of the passages may answer
 */
function renderPassages(answer, prefix, place) {
  const { status, passages } = answer;
  if (!passages.length) return [];
  const answered = status === "answered";
  const refused = answered ? null : refusalWords(answer);
  return [
    h(
      "details",
      { class: "passages", open: refused?.mayAnswer ?? false },
      h("summary", {}, `${refused?.nearest.title ?? "Passages read"} (${passages.length})`),
      ...(refused ? [h("p", { class: "warning" }, refused.nearest.warning)] : []),
      h(
        "ol",
        {},
        ...passages.map((passage, index) => renderPassage(passage, answered, `${prefix}-passage-${index + 1}`, place)),
      ),
    ),
  ];
}

/**
 * @param {Passage} passage
 * @param {boolean} answered marks only mean something where something was answered
 * @param {string} id
 * @param {Place} place
 */
function renderPassage(passage, answered, id, place) {
  const text = new CodePoints(passage.text);
  const spans = answered
    ? passage.highlights.map(({ start, end }) => ({ start: start - passage.start, end: end - passage.start }))
    : [];
  return h(
    "li",
    {},
    h("p", { class: "passage", dir: "auto" }, ...marked(text, { start: 0, end: text.length }, spans)),
    renderCitation(
      place,
      { id, href: place.client.articlePage(passage.article_id, { ...passage, exact: passage.text }) },
      renderWhere(passage.title, passage),
    ),
  );
}
