// @ts-check
/** One question in the thread with what became of it: waiting, an answer, or an error. */
import { renderAnswer } from "./answer.js";
import { whenReady } from "./client.js";
import { h } from "./dom.js";

/** @typedef {import("./client.js").Problem} Problem */
/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./answer.js").Place} Place */

/** A question and its reply. */
export class Turn {
  #heading;
  #reply;
  #place;
  /** @type {Answer | null} */
  #answer = null;

  /**
   * @param {string} question
   * @param {string} id
   * @param {Place} place
   */
  constructor(question, id, place) {
    this.question = question;
    this.id = id;
    this.#place = place;
    this.#heading = h(place.heading, { class: "question", id: `${id}-question`, dir: "auto", tabindex: "-1" }, question);
    this.#reply = h("div", { class: "reply" });
    this.element = h("article", { class: "turn", id, "aria-labelledby": this.#heading.id }, this.#heading, this.#reply);
  }

  /** Whether there is an answer, be it that there is none in the articles. */
  get answered() {
    return this.#answer !== null;
  }

  /**
   * Ask, showing what happens meanwhile.
   *
   * @param {(signal: AbortSignal) => Promise<Answer>} ask
   * @param {(words: string) => void} announce
   * @param {AbortController} cancel
   * @returns {Promise<Answer>} rejects with what `client.js` throws
   */
  async ask(ask, announce, cancel) {
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
      const answer = await whenReady(() => ask(cancel.signal), onWait, cancel.signal);
      this.show(answer);
      return answer;
    } finally {
      this.element.removeAttribute("aria-busy");
    }
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    this.#show(...renderAnswer(answer, this.id, this.#place));
  }

  /**
   * Show what went wrong, and offer to ask again.
   *
   * @param {{title: string, detail: string}} failure
   * @param {() => void} again
   */
  fail({ title, detail }, again) {
    const retry = h("button", { type: "button", class: "secondary", click: again }, "Try again");
    this.#show(
      h(
        "div",
        { class: "failure" },
        h("p", { class: "verdict" }, title),
        ...(detail ? [h("p", {}, detail)] : []),
        h("p", { class: "actions" }, retry),
      ),
    );
  }

  /** Take the focus, for when what had it is gone. */
  focus() {
    this.#heading.focus({ preventScroll: true });
  }

  /** @param {...HTMLElement} elements */
  #show(...elements) {
    if (this.#reply.matches(":focus-within")) this.focus();
    this.#reply.replaceChildren(...elements);
  }
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
