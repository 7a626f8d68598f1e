// @ts-check
/** The fixed words around the articles' words; those of `api/words.py` are the same. */

/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./contract.d.ts").ArticleSummary} ArticleSummary */
/** @typedef {import("./contract.d.ts").Passage} Passage */
/** @typedef {import("./contract.d.ts").Quote} Quote */

export const DISAGREE = "The articles do not agree on this.";
export const INDEX_COMMAND = "onrecord index PATH";

const NOT_FOUND = "The articles do not answer this.";

/** From this confidence on, which holds of one passage in five, what was refused is told as what may answer. */
const MAY_ANSWER = 0.2;
const NOT_SURELY_FOUND = "The articles do not surely answer this.";
const MAYBE = "A passage may answer it, but not surely enough to be quoted.";

/** What a confidence is called, by the lowest that is called so; they follow what it means, not a reader's threshold. */
const LEVELS = [
  { lowest: 0.8, level: "strong", words: "Very likely the answer" },
  { lowest: 0.5, level: "likely", words: "Likely the answer" },
  { lowest: MAY_ANSWER, level: "uncertain", words: "Possibly the answer" },
  { lowest: 0, level: "uncertain", words: "Unlikely to be the answer" },
];

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
  const { level, words } = LEVELS.find(({ lowest }) => probability >= lowest) ?? LEVELS[LEVELS.length - 1];
  return { level, words, exactly };
}

/**
 * That the articles do not answer, and why; and what is said of the nearest passages: of some, that one may answer.
 *
 * @param {Answer} answer
 */
export function refusalWords({ confidence, reason }) {
  if (confidence >= MAY_ANSWER) {
    const nearest = { title: "Nearest passages", warning: "One of these may answer your question. Read for yourself." };
    return { verdict: NOT_SURELY_FOUND, why: MAYBE, mayAnswer: true, nearest };
  }
  const nearest = {
    title: "Nearest passages, not an answer",
    warning: "This is what comes closest to your question. None of it answers it.",
  };
  return { verdict: NOT_FOUND, why: REASONS[reason ?? ""] ?? "", mayAnswer: false, nearest };
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
  if (!first) {
    const { verdict, why } = refusalWords(answer);
    return `${verdict} ${why}`;
  }
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
