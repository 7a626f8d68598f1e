// @ts-check
/** A thread of questions that belong together: each is asked with those before it, so that a follow-up is understood. */
import { describe, isCancellation } from "./client.js";
import { Turn } from "./turn.js";
import { announcement } from "./words.js";

/** @typedef {import("./answer.js").Place} Place */
/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {ReturnType<typeof describe>} Failure */

/**
 * What a thread tells whoever shows it.
 *
 * @typedef {object} Listener
 * @property {(words: string) => void} announce for those who hear the page
 * @property {(busy: boolean) => void} busy
 * @property {(turn: Turn) => void} reveal bring a turn into view
 * @property {(answer: Answer) => void} answered
 * @property {(failure: Failure) => void} failed
 */

/** Turns, oldest first, at most one of which is being asked. */
export class Thread {
  #element;
  #place;
  #listener;
  /** @type {Turn[]} */
  #turns = [];
  #made = 0;
  /** @type {AbortController | null} */
  #running = null;
  /** @type {string[] | null} the articles to ask; null for all */
  articleIds = null;

  /**
   * @param {HTMLElement} element that turns are put into
   * @param {Place} place
   * @param {Listener} listener
   */
  constructor(element, place, listener) {
    this.#element = element;
    this.#place = place;
    this.#listener = listener;
  }

  get busy() {
    return this.#running !== null;
  }

  /** @param {string} question */
  ask(question) {
    return this.#run(this.#add(question));
  }

  /**
   * Show an answer of before as if it had just been given.
   *
   * @param {Answer} answer
   */
  restore(answer) {
    this.#add(answer.question).show(answer);
  }

  /** Begin a new thread; what is being asked is given up. */
  clear() {
    this.cancel();
    this.#turns = [];
    this.#element.replaceChildren();
    this.#element.hidden = true;
  }

  /** Give up what is being asked; its turn says so. */
  cancel() {
    this.#running?.abort();
  }

  /** @param {string} question */
  #add(question) {
    this.#made += 1;
    const turn = new Turn(question, `turn-${this.#made}`, this.#place);
    this.#turns.push(turn);
    this.#element.append(turn.element);
    this.#element.hidden = false;
    return turn;
  }

  /** @param {Turn} turn */
  async #run(turn) {
    const { announce, answered, busy, failed, reveal } = this.#listener;
    const cancel = new AbortController();
    this.#running = cancel;
    busy(true);
    reveal(turn);
    announce("Reading the articles.");
    const before = this.#turns.slice(0, this.#turns.indexOf(turn)).filter((earlier) => earlier.answered);
    const history = before.map((earlier) => earlier.question);
    const ask = (/** @type {AbortSignal} */ signal) =>
      this.#place.client.ask(turn.question, { history, articleIds: this.articleIds, signal });
    try {
      const answer = await turn.ask(ask, announce, cancel);
      if (!this.#turns.includes(turn)) return;
      announce(announcement(answer));
      answered(answer);
    } catch (error) {
      if (!this.#turns.includes(turn)) return;
      const failure = describe(error);
      announce(`${failure.title} ${failure.detail}`);
      turn.fail(failure, () => this.#retry(turn));
      if (!isCancellation(error)) failed(failure);
    } finally {
      if (this.#running === cancel) {
        this.#running = null;
        busy(false);
      }
      if (this.#turns.includes(turn)) reveal(turn);
    }
  }

  /** @param {Turn} turn */
  #retry(turn) {
    if (this.busy) return;
    turn.focus();
    void this.#run(turn);
  }
}
