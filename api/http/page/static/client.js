// @ts-check
/** The HTTP API, as the page and the widget ask it. */
import { fingerprint } from "./text.js";

/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./contract.d.ts").Article} Article */
/** @typedef {import("./contract.d.ts").ArticleList} ArticleList */
/** @typedef {import("./contract.d.ts").ExampleList} ExampleList */
/** @typedef {import("./contract.d.ts").Span} Span */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;
const LONGEST_HISTORY = 100;

/** Nothing answered: no server, no network, or something that is no answer of ours. */
export class Unreachable extends Error {
  /** @param {URL} root */
  constructor(root) {
    super(`Nothing answers at ${root.origin}. Check your connection, and that “onrecord serve” is running.`);
    this.title = "The server cannot be reached.";
  }
}

/** The server is there, but its answers are not for this page: the browser withholds them (CORS). */
export class Refused extends Error {
  /** @param {URL} root */
  constructor(root) {
    super(`${root.origin} does not answer pages of ${location.origin}. Its ONRECORD_ALLOWED_ORIGINS can allow them.`);
    this.title = "This page may not ask here.";
  }
}

/** The server answered with an error (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} detail
   * @param {number | null} retryAfterMs
   */
  constructor(status, title, detail, retryAfterMs) {
    super(detail);
    this.status = status;
    this.title = title;
    this.retryAfterMs = retryAfterMs;
  }
}

/** One server. */
export class Client {
  /** @param {URL} root where its site begins, which may be under a path: it ends in “/” */
  constructor(root) {
    this.root = root;
  }

  /**
   * @param {string} question
   * @param {{history?: string[], articleIds?: string[] | null, signal?: AbortSignal}} [options] `history` has the
   *   questions asked before, oldest first; `articleIds` the articles to ask, null for all
   * @returns {Promise<Answer>}
   */
  ask(question, { history = [], articleIds = null, signal } = {}) {
    return this.#send("v1/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question, history: history.slice(-LONGEST_HISTORY), article_ids: articleIds }),
      signal,
    });
  }

  /** @returns {Promise<ArticleList>} */
  listArticles() {
    return this.#send("v1/articles");
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<ExampleList>}
   */
  listExamples(signal) {
    return this.#send("v1/examples", { signal });
  }

  /**
   * @param {string} id
   * @returns {Promise<Article>}
   */
  readArticle(id) {
    return this.#send(`v1/articles/${encodeURIComponent(id)}`);
  }

  /**
   * The page of that server which shows an article.
   *
   * @param {string} id
   * @param {Span & {exact: string}} [cited] the words to show there
   */
  articlePage(id, cited) {
    const page = new URL(`articles/${encodeURIComponent(id)}`, this.root);
    if (cited) page.hash = `${cited.start}-${cited.end}-${fingerprint(cited.exact)}`;
    return page.href;
  }

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<any>}
   */
  async #send(path, init) {
    let response;
    let body;
    try {
      response = await fetch(new URL(path, this.root), init);
      body = await response.json();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      if (!response) throw (await this.#refuses()) ? new Refused(this.root) : new Unreachable(this.root);
    }
    if (!response.ok) throw problemOf(response, body);
    if (body === null || typeof body !== "object") throw new Unreachable(this.root);
    return body;
  }

  /** Whether the server is up all the same: a browser tells a script no more than that a request failed. */
  async #refuses() {
    if (this.root.origin === location.origin) return false;
    return fetch(new URL("healthz", this.root), { mode: "no-cors" }).then(() => true, () => false);
  }
}

/** The server that this file comes from: this file is one folder below the root of its site. */
export const here = new Client(new URL("../", import.meta.url));

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
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
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

/**
 * What went wrong, and what to do about it.
 *
 * @param {unknown} error
 * @returns {{title: string, detail: string, status: number | null}} `status` is that of HTTP, if the server answered
 */
export function describe(error) {
  if (error instanceof Problem) return { title: error.title, detail: error.message, status: error.status };
  if (error instanceof Unreachable || error instanceof Refused) {
    return { title: error.title, detail: error.message, status: null };
  }
  if (isCancellation(error)) return { title: "Cancelled.", detail: "", status: null };
  throw error;
}

/** @param {unknown} error */
export function isCancellation(error) {
  return error instanceof DOMException && error.name === "AbortError";
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
