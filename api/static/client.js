// @ts-check
/** The HTTP API, as the page asks it. */
import { fingerprint } from "./text.js";

/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./contract.d.ts").Article} Article */
/** @typedef {import("./contract.d.ts").ArticleList} ArticleList */
/** @typedef {import("./contract.d.ts").Span} Span */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;

/** Where this site begins, also when it is served under a path: this file is one folder below. */
export const ROOT = new URL("../", import.meta.url);

/** Nothing answered: no server, no network, or something that is no answer of ours. */
export class Unreachable extends Error {}

/** The server answered with an error (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} detail
   * @param {number | null} retryAfterMs
   */
  constructor(status, title, detail, retryAfterMs) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * @param {string} question
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export function ask(question, signal) {
  return send("v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question }),
    signal,
  });
}

/** @returns {Promise<ArticleList>} */
export function listArticles() {
  return send("v1/articles");
}

/**
 * @param {string} id
 * @returns {Promise<Article>}
 */
export function readArticle(id) {
  return send(`v1/articles/${encodeURIComponent(id)}`);
}

/**
 * The page of ours that shows an article.
 *
 * @param {string} id
 * @param {Span & {exact: string}} [cited] the words to show there
 */
export function articlePage(id, cited) {
  const page = new URL(`articles/${encodeURIComponent(id)}`, ROOT);
  if (cited) page.hash = `${cited.start}-${cited.end}-${fingerprint(cited.exact)}`;
  return page.href;
}

/**
 * Do `task`; as long as the server says to come back later (503 with `Retry-After`), wait and do it again.
 *
 * @template Result
 * @param {() => Promise<Result>} task
 * @param {(problem: Problem) => void} onWait called before each wait
 * @param {AbortSignal} [signal] ends the waiting
 * @returns {Promise<Result>}
 */
export async function whenReady(task, onWait, signal) {
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(2 * delay, LONGEST_DELAY_MS)) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 503 || error.retryAfterMs === null) throw error;
      onWait(error);
      await pause(Math.max(error.retryAfterMs, delay), signal);
    }
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function send(path, init) {
  let response;
  let body;
  try {
    response = await fetch(new URL(path, ROOT), init);
    body = await response.json();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    if (!response) throw new Unreachable("no answer", { cause: error });
  }
  if (!response.ok) throw problemOf(response, body);
  if (body === null || typeof body !== "object") throw new Unreachable("no answer of ours");
  return body;
}

/**
 * @param {Response} response
 * @param {any} body
 */
function problemOf(response, body) {
  const title = typeof body?.title === "string" ? body.title : `The server answered ${response.status}`;
  const detail = typeof body?.detail === "string" ? body.detail : "";
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem(response.status, title, detail, Number.isNaN(seconds) ? null : 1000 * seconds);
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("cancelled", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
