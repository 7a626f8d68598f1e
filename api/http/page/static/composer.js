// @ts-check
/** The question box: Enter sends, Shift+Enter breaks the line, and a counter appears near the limit. */
import { countCodePoints } from "./text.js";
import { counted } from "./words.js";

const LONGEST_QUESTION = 1000;
const COUNTED_FROM = 900;

export const FIRST_QUESTION = "Your question";
const NEXT_QUESTION = "Your next question, or a follow-up";

/**
 * The elements that a composer is made of.
 *
 * @typedef {object} Parts
 * @property {HTMLFormElement} form
 * @property {HTMLTextAreaElement} box
 * @property {HTMLElement} label
 * @property {HTMLElement} send
 * @property {HTMLElement} count
 */

/** The form that questions are asked in. */
export class Composer {
  #form;
  #box;
  #label;
  #send;
  #count;
  #busy = false;

  /**
   * @param {Parts} parts
   * @param {(question: string) => void} onQuestion
   * @param {(words: string) => void} announce
   */
  constructor({ form, box, label, send, count }, onQuestion, announce) {
    this.#form = form;
    this.#box = box;
    this.#label = label;
    this.#send = send;
    this.#count = count;
    this.#box.addEventListener("input", () => this.#limit());
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = this.#box.value.trim();
      if (this.#over() > 0) announce(this.#limitWords());
      if (this.#busy || !question || this.#over() > 0) return;
      this.#box.value = "";
      this.#limit();
      this.continue();
      if (matchMedia("(pointer: coarse)").matches) this.#box.blur(); // puts the on-screen keyboard away
      onQuestion(question);
    });
    this.#limit();
  }

  /** @param {boolean} busy while it is, nothing is sent; typing goes on */
  set busy(busy) {
    this.#busy = busy;
    this.#send.setAttribute("aria-disabled", String(busy));
  }

  /** Take the focus, but where that would bring up a keyboard on the screen. */
  focus() {
    if (!matchMedia("(pointer: coarse)").matches) this.#box.focus({ preventScroll: true });
  }

  /** Say that what comes next is asked in a thread. */
  continue() {
    this.#label.textContent = NEXT_QUESTION;
  }

  /** Say that what comes next begins a thread. */
  reset() {
    this.#label.textContent = FIRST_QUESTION;
  }

  #over() {
    return countCodePoints(this.#box.value.trim()) - LONGEST_QUESTION;
  }

  #limitWords() {
    const over = this.#over();
    return over > 0 ? `${counted(over, "character")} too many` : `${counted(-over, "character")} left`;
  }

  #limit() {
    const over = this.#over();
    const near = over + LONGEST_QUESTION >= COUNTED_FROM;
    this.#count.hidden = !near;
    this.#count.textContent = near ? this.#limitWords() : "";
    this.#count.classList.toggle("over", over > 0);
    this.#box.setAttribute("aria-invalid", String(over > 0));
  }
}
