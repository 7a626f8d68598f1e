// @ts-check
/** Example questions, as buttons that ask them. */
import { pause, whenReady } from "./client.js";
import { h } from "./dom.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./contract.d.ts").Example} Example */

const SHOWN = 5;
const LOOKS = 5;
const FIRST_PAUSE_MS = 1000;

/**
 * @param {HTMLElement} container is hidden as long as there is none
 * @param {string[]} questions
 * @param {(question: string) => void} onChoice
 */
export function showExamples(container, questions, onChoice) {
  const items = questions.slice(0, SHOWN).map((question) => {
    const button = h("button", { type: "button", class: "example", click: () => onChoice(question) }, h("bdi", {}, question));
    return h("li", {}, button);
  });
  container.hidden = !items.length;
  container.replaceChildren(h("h2", {}, "For example"), h("ul", {}, ...items));
}

/**
 * Ask a server for examples. It finds them while it is already answering, so it is asked again until it has them all.
 *
 * @param {Client} client
 * @param {(questions: string[]) => void} show called with all that are known, as they become more
 * @param {{articleIds?: string[] | null, signal?: AbortSignal}} [options] `articleIds`: only examples of these articles
 */
export async function findExamples(client, show, { articleIds = null, signal } = {}) {
  const fits = (/** @type {Example} */ { article_id: id }) => articleIds === null || articleIds.includes(id);
  for (let look = 0, milliseconds = FIRST_PAUSE_MS; look < LOOKS; look += 1, milliseconds *= 2) {
    const { examples, complete } = await whenReady(() => client.listExamples(signal), () => {}, signal);
    show(examples.filter(fits).map(({ question }) => question));
    if (complete) return;
    await pause(milliseconds, signal);
  }
}
