// @ts-check
/** The question box: Enter sends, Shift+Enter breaks the line, and a counter appears near the limit. */
import { byId } from "./dom.js";
import { countCodePoints } from "./text.js";
import { counted } from "./words.js";

const LONGEST_QUESTION = 1000;
const COUNTED_FROM = 900;

/** The form that questions are asked in. */
export class Composer {
  #form = byId("composer", HTMLFormElement);
  #box = byId("question", HTMLTextAreaElement);
  #label = byId("question-label", HTMLLabelElement);
  #send = byId("send", HTMLButtonElement);
  #count = byId("question-count", HTMLParagraphElement);
  #busy = false;

  /**
   * @param {(question: string) => void} onQuestion
   * @param {(words: string) => void} announce
   */
  constructor(onQuestion, announce) {
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
      this.#label.textContent = "Your next question";
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

  focus() {
    this.#box.focus({ preventScroll: true });
  }

  /** Begin anew. */
  reset() {
    this.#label.textContent = "Your question";
    this.focus();
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
