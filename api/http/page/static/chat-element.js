// @ts-check
/** <onrecord-chat>: the question box and its thread inside any page, in a shadow tree: neither can break the other. */
import { Client, here } from "./client.js";
import { Composer, FIRST_QUESTION } from "./composer.js";
import { h, webAddress } from "./dom.js";
import { findExamples, showExamples } from "./examples.js";
import { Thread } from "./thread.js";

/** @typedef {import("./turn.js").Turn} Turn */

const TITLE = "Ask the articles";
const PROMISE = "Answers are quotes, word for word, each with its place in the article. If no article answers, you are told so.";
const KEYS = ["keydown", "keypress", "keyup"];

/** The style sheets, read once for all elements: adopted ones need no leave from the host page's policy on styles. */
const sheets = Promise.all(["theme.css", "controls.css", "answer.css", "widget.css"].map(readSheet)).catch(() => []);

/** @param {string} name */
async function readSheet(name) {
  const response = await fetch(new URL(name, import.meta.url));
  return new CSSStyleSheet().replace(await response.text());
}

/** What an element is made of; its attributes fill it. */
function build() {
  const title = h("h2", { id: "title", class: "wordmark" });
  const newThread = h("button", { type: "button", class: "quiet", hidden: true }, "New thread");
  const notice = h("p", { class: "warning", hidden: true });
  const thread = h("section", { class: "thread", "aria-label": "Questions and answers", hidden: true });
  const examples = h("section", { class: "examples", "aria-label": "Example questions", hidden: true });
  const scroller = h("div", { class: "scroller" }, h("p", { class: "promise" }, PROMISE), notice, thread, examples);
  const label = h("label", { for: "question" }, FIRST_QUESTION);
  const box = h("textarea", { id: "question", rows: "1", enterkeyhint: "send", "aria-describedby": "count" });
  const send = h("button", { type: "submit" }, "Ask");
  const count = h("p", { class: "count", id: "count", hidden: true });
  const under = h("div", { class: "under" }, count);
  const form = h("form", { class: "composer", autocomplete: "off" }, label, h("div", { class: "box" }, box, send), under);
  const announcer = h("p", { class: "visually-hidden", role: "status" });
  // The element's own title is its heading; an empty one here keeps it from popping up over everything inside.
  const options = { class: "frame", title: "", "aria-labelledby": "title" };
  const frame = h("section", options, h("header", {}, title, newThread), scroller, form, announcer);
  return { announcer, box, count, examples, form, frame, label, newThread, notice, scroller, send, thread, title };
}

/**
 * The element. Its attributes: `endpoint` (where the server is; by default where this file came from), `title`,
 * `placeholder`, `examples` (questions between “|”; by default the server's own), `article-ids` (only these are asked).
 *
 * @fires onrecord:answer the detail is what `POST /v1/ask` returned, also when the articles do not answer
 * @fires onrecord:error the detail is `{title, detail, status}`; `status` is null where no server answered
 */
export class ChatElement extends HTMLElement {
  static observedAttributes = ["article-ids", "endpoint", "examples", "placeholder", "title"];

  #parts = build();
  #composer = new Composer(this.#parts, (question) => this.ask(question), (words) => this.#announce(words));
  /** @type {string | null | undefined} the endpoint that was taken up last; undefined before the first */
  #endpoint;
  /** @type {Client | null} none where the endpoint is no address */
  #client = null;
  /** @type {Thread | null} */
  #thread = null;
  /** @type {AbortController | null} ends what runs while the element is in a page */
  #present = null;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    void sheets.then((read) => {
      shadow.adoptedStyleSheets = read;
      shadow.append(this.#parts.frame);
    });
    this.#parts.newThread.addEventListener("click", () => this.#begin());
    // What is typed here is no shortcut of the host page, which sees this element and not the box as its target.
    for (const key of KEYS) this.#parts.form.addEventListener(key, keepTyping);
  }

  connectedCallback() {
    if (this.#present) return; // it was only moved
    this.#present = new AbortController();
    if (this.#endpoint === this.getAttribute("endpoint")) this.#fill();
    else this.#connect();
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#present?.abort();
      this.#present = null;
      this.#thread?.cancel();
    });
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.#present) return;
    if (name === "endpoint") this.#connect();
    else this.#fill();
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.#parts.box.focus(options);
  }

  /**
   * Ask as if it had been typed; does nothing while another question is being asked.
   *
   * @param {string} question
   */
  ask(question) {
    const asked = question.trim();
    if (!asked || !this.#thread || this.#thread.busy) return;
    this.#parts.newThread.hidden = false;
    this.#parts.frame.classList.add("asked");
    this.#composer.continue();
    void this.#thread.ask(asked);
  }

  /** Take up the endpoint, with an empty thread. */
  #connect() {
    this.#endpoint = this.getAttribute("endpoint");
    const root = rootOf(this.#endpoint);
    this.#thread?.clear();
    this.#client = root && new Client(root);
    this.#parts.notice.hidden = root !== null;
    this.#parts.notice.textContent = root ? "" : "The endpoint of this element is no web address.";
    this.#thread = this.#client && this.#threadOf(this.#client);
    this.#showBegun();
    this.#fill();
  }

  /** @param {Client} client */
  #threadOf(client) {
    return new Thread(this.#parts.thread, { client, newTab: true, heading: "h3" }, {
      announce: (words) => this.#announce(words),
      busy: (busy) => {
        this.#composer.busy = busy;
      },
      reveal: (turn) => this.#reveal(turn),
      answered: (answer) => this.#tell("onrecord:answer", answer),
      failed: (failure) => this.#tell("onrecord:error", failure),
    });
  }

  /** Put what the attributes say into place. */
  #fill() {
    const { box, examples, title } = this.#parts;
    const articleIds = this.getAttribute("article-ids")?.split(/\s+/).filter(Boolean) ?? null;
    title.replaceChildren(this.getAttribute("title") || TITLE);
    box.placeholder = this.getAttribute("placeholder") ?? "";
    if (this.#thread) this.#thread.articleIds = articleIds;
    const show = (/** @type {string[]} */ questions) => showExamples(examples, questions, (question) => this.#choose(question));
    const given = this.getAttribute("examples");
    show(given?.split("|").map((question) => question.trim()).filter(Boolean) ?? []);
    if (given !== null || !this.#client) return;
    const signal = this.#present?.signal;
    findExamples(this.#client, show, { articleIds, signal }).catch(() => {}); // what is wrong is told when one asks
  }

  /** @param {string} question */
  #choose(question) {
    this.ask(question);
    this.#composer.focus();
  }

  #begin() {
    this.#thread?.clear();
    this.#showBegun();
    this.#announce("A new thread. What comes next is asked by itself.");
    this.#composer.focus();
  }

  #showBegun() {
    this.#parts.newThread.hidden = true;
    this.#parts.frame.classList.remove("asked");
    this.#composer.reset();
  }

  /**
   * Scroll inside the element; the host page stays where it is.
   *
   * @param {Turn} turn
   */
  #reveal(turn) {
    const { scroller } = this.#parts;
    scroller.scrollTop += turn.element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  }

  /** @param {string} words */
  #announce(words) {
    this.#parts.announcer.textContent = words;
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/**
 * The root of the site that an endpoint names, relative to the page as any address in it.
 *
 * @param {string | null} endpoint
 * @returns {URL | null}
 */
function rootOf(endpoint) {
  if (endpoint === null) return here.root;
  if (!URL.canParse(endpoint, document.baseURI)) return null;
  const root = new URL(endpoint, document.baseURI);
  if (!webAddress(root.href)) return null;
  root.search = root.hash = "";
  if (!root.pathname.endsWith("/")) root.pathname += "/";
  return root;
}

/** @param {Event} event */
function keepTyping(event) {
  if (!(event instanceof KeyboardEvent && event.key === "Escape")) event.stopPropagation();
}

customElements.define("onrecord-chat", ChatElement);
