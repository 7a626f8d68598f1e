// @ts-check
/** The fixed words around the articles' words. */

/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./contract.d.ts").ArticleSummary} ArticleSummary */
/** @typedef {import("./contract.d.ts").Passage} Passage */
/** @typedef {import("./contract.d.ts").Quote} Quote */

export const NOT_FOUND = "The articles do not answer this.";
export const DISAGREE = "The articles do not agree on this.";
export const INDEX_COMMAND = "onrecord index PATH";

const STRONG = 0.8;
const LIKELY = 0.5;

/** @type {Record<string, string>} */
const REASONS = {
  no_relevant_passage: "No passage is about what you asked.",
  no_answer_in_passages: "Some passages come close, but none of them says it.",
  empty_corpus: "There are no articles to read yet.",
};

/**
 * A probability in words, and exactly.
 *
 * @param {number} probability
 */
export function confidenceWords(probability) {
  const percent = Math.min(99, Math.max(1, Math.round(100 * probability)));
  const exactly = `${percent}% confidence that this answers the question`;
  if (probability >= STRONG) return { level: "strong", words: "Very likely the answer", exactly };
  if (probability >= LIKELY) return { level: "likely", words: "Likely the answer", exactly };
  return { level: "uncertain", words: "Possibly the answer", exactly };
}

/** @param {string | null} reason */
export function reasonWords(reason) {
  return REASONS[reason ?? ""] ?? "";
}

/**
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Where words stand inside their article.
 *
 * @param {{page: number | null, paragraph: number, kind?: string}} place
 */
export function placeWords({ page, paragraph, kind }) {
  return [page && `page ${page}`, `paragraph ${paragraph}`, kind === "caption" && "photo caption"].filter(Boolean).join(", ");
}

/**
 * Who wrote it and when, as far as known.
 *
 * @param {{author: string | null, published: string | null}} article
 */
export function byline({ author, published }) {
  return [author, published && dateWords(published)].filter(Boolean).join(" · ");
}

/**
 * A quote as it goes to the clipboard: verbatim, then where it stands.
 *
 * @param {Quote} quote
 */
export function attributed({ text, citation }) {
  const source = [citation.author, citation.title, placeWords(citation), citation.published && dateWords(citation.published)];
  return `${text}\n— ${source.filter(Boolean).join(", ")}${citation.url ? `\n${citation.url}` : ""}\n`;
}

/**
 * One sentence or two for someone who hears the page.
 *
 * @param {Answer} answer
 */
export function announcement(answer) {
  const [first] = answer.quotes;
  if (!first) return `${NOT_FOUND} ${reasonWords(answer.reason)}`;
  const differ = answer.quotes.some((quote) => quote.disagrees) ? `${DISAGREE} ` : "";
  const found = `${differ}${counted(answer.quotes.length, "quote")} found. ${confidenceWords(first.confidence).words}:`;
  return `${found} ${first.text} ${first.citation.title}, ${placeWords(first.citation)}.`;
}

/** @param {string} isoDate */
export function dateWords(isoDate) {
  const date = new Date(isoDate);
  if (Number.isNaN(date.getTime())) return isoDate;
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(date);
}
