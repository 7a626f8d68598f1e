// @ts-check
/** One question in the thread with what became of it: waiting, an answer, or an error. */
import { renderAnswer } from "./answer.js";
import { ask, Problem, ROOT, Unreachable, whenReady } from "./client.js";
import { h } from "./dom.js";

/** @typedef {import("./contract.d.ts").Answer} Answer */

/** A question and its reply. */
export class Turn {
  #heading;
  #reply;
  #question;

  /**
   * @param {string} question
   * @param {string} id
   */
  constructor(question, id) {
    this.#question = question;
    this.id = id;
    this.#heading = h("h2", { class: "question", id: `${id}-question`, dir: "auto", tabindex: "-1" }, question);
    this.#reply = h("div", { class: "reply" });
    this.element = h("article", { class: "turn", id, "aria-labelledby": this.#heading.id }, this.#heading, this.#reply);
  }

  /**
   * Ask the server, showing what happens meanwhile.
   *
   * @param {(words: string) => void} announce
   * @returns {Promise<Answer | null>} null when it failed or was cancelled, which the turn then shows
   */
  async ask(announce) {
    const cancel = new AbortController();
    this.#show(h("p", { class: "waiting" }, "Reading the articles…"));
    this.element.setAttribute("aria-busy", "true");
    let waits = 0;
    const onWait = (/** @type {Problem} */ problem) => {
      waits += 1;
      if (waits > 1) return;
      this.#show(renderNotReady(problem, () => cancel.abort()));
      announce("The server is not ready yet. Trying again.");
    };
    try {
      const answer = await whenReady(() => ask(this.#question, cancel.signal), onWait, cancel.signal);
      this.show(answer);
      return answer;
    } catch (error) {
      const { title, detail } = describe(error);
      this.#show(h("div", { class: "failure" }, h("p", { class: "verdict" }, title), ...(detail ? [h("p", {}, detail)] : [])));
      announce(`${title} ${detail}`);
      return null;
    } finally {
      this.element.removeAttribute("aria-busy");
    }
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#show(...renderAnswer(answer, this.id));
  }

  /**
   * Offer to ask again, after a failure.
   *
   * @param {() => void} again
   */
  offerRetry(again) {
    this.#reply.append(h("p", { class: "actions" }, h("button", { type: "button", class: "secondary", click: again }, "Try again")));
  }

  /** Bring the question to the top of the view. */
  reveal() {
    this.element.scrollIntoView({ block: "start" });
  }

  /** Take the focus, for when what had it is gone. */
  focus() {
    this.#heading.focus({ preventScroll: true });
  }

  /** @param {...HTMLElement} elements */
  #show(...elements) {
    if (this.#reply.contains(document.activeElement)) this.focus();
    this.#reply.replaceChildren(...elements);
  }
}

/**
 * What went wrong, and what to do about it.
 *
 * @param {unknown} error
 * @returns {{title: string, detail: string}}
 */
export function describe(error) {
  if (error instanceof Problem) return { title: error.title, detail: error.detail };
  if (error instanceof Unreachable) {
    const detail = `Nothing answers at ${ROOT.origin}. Check your connection, and that “onrecord serve” is running.`;
    return { title: "The server cannot be reached.", detail };
  }
  if (error instanceof DOMException && error.name === "AbortError") return { title: "Cancelled.", detail: "" };
  throw error;
}

/**
 * @param {Problem} problem
 * @param {() => void} cancel
 */
function renderNotReady(problem, cancel) {
  return h(
    "div",
    { class: "failure" },
    h("p", { class: "verdict" }, "The server is not ready yet. Trying again…"),
    h("p", {}, `${problem.title}.`),
    h("p", { class: "actions" }, h("button", { type: "button", class: "secondary", click: cancel }, "Cancel")),
  );
}
