// @ts-check
/** An answer as elements: its quotes with where they stand, or that there is none; and the passages that were read. */
import { articlePage } from "./client.js";
import { h, outwardLink, webAddress } from "./dom.js";
import { CodePoints, highlighted, marked } from "./text.js";
import { attributed, confidenceWords, INDEX_COMMAND, NOT_FOUND, placeWords, reasonWords } from "./words.js";

/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./contract.d.ts").Passage} Passage */
/** @typedef {import("./contract.d.ts").Quote} Quote */

const COPIED_FOR_MS = 2000;

/**
 * @param {Answer} answer
 * @param {string} prefix begins the ids of what can be linked to
 * @returns {HTMLElement[]}
 */
export function renderAnswer(answer, prefix) {
  const kinds = new Map(answer.passages.map((passage) => [passage.passage_id, passage.kind]));
  if (answer.status === "answered") {
    const quotes = answer.quotes.map((quote, index) =>
      renderQuote(quote, kinds.get(quote.citation.passage_id), `${prefix}-quote-${index + 1}`),
    );
    return [...quotes, ...renderPassages(answer, prefix)];
  }
  return [renderNotFound(answer), ...renderPassages(answer, prefix)];
}

/**
 * @param {Quote} quote
 * @param {string | undefined} kind of the passage it stands in
 * @param {string} id
 */
function renderQuote(quote, kind, id) {
  const { citation } = quote;
  const original = webAddress(citation.link ?? citation.url);
  return h(
    "figure",
    { class: "quote" },
    h("blockquote", { dir: "auto" }, h("p", {}, ...highlighted(quote.highlight))),
    h(
      "figcaption",
      {},
      h(
        "a",
        { class: "citation", id, href: articlePage(citation.article_id, quote.highlight) },
        h("span", { class: "number" }, `[${citation.number}]`),
        " ",
        renderPlace(citation.title, placeWords({ ...citation, kind })),
      ),
      h(
        "div",
        { class: "notes" },
        renderConfidence(quote.confidence),
        ...(original ? [outwardLink(original, "Original")] : []),
        ...renderCopy(quote),
      ),
    ),
  );
}

/**
 * @param {string} title
 * @param {string} place
 */
function renderPlace(title, place) {
  return h("span", {}, h("bdi", {}, title), "\u00a0· ", h("span", { class: "place" }, place));
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
  const reason = reasonWords(answer.reason);
  return h(
    "div",
    { class: "not-found" },
    h("p", { class: "verdict" }, NOT_FOUND),
    ...(reason ? [h("p", {}, reason, ...how)] : []),
  );
}

/**
 * @param {Answer} answer
 * @param {string} prefix
 * @returns {HTMLElement[]} nothing, or one folded list
 */
function renderPassages({ status, passages }, prefix) {
  if (!passages.length) return [];
  const answered = status === "answered";
  const title = answered ? "Passages read" : "Nearest passages, not an answer";
  return [
    h(
      "details",
      { class: "passages" },
      h("summary", {}, `${title} (${passages.length})`),
      ...(answered ? [] : [h("p", { class: "warning" }, "This is what comes closest to your question. None of it answers it.")]),
      h("ol", {}, ...passages.map((passage, index) => renderPassage(passage, answered, `${prefix}-passage-${index + 1}`))),
    ),
  ];
}

/**
 * @param {Passage} passage
 * @param {boolean} answered marks only mean something where something was answered
 * @param {string} id
 */
function renderPassage(passage, answered, id) {
  const text = new CodePoints(passage.text);
  const spans = answered
    ? passage.highlights.map(({ start, end }) => ({ start: start - passage.start, end: end - passage.start }))
    : [];
  return h(
    "li",
    {},
    h("p", { class: "passage", dir: "auto" }, ...marked(text, { start: 0, end: text.length }, spans)),
    h(
      "a",
      { class: "citation", id, href: articlePage(passage.article_id, { ...passage, exact: passage.text }) },
      renderPlace(passage.title, placeWords(passage)),
    ),
  );
}
