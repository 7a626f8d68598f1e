// @ts-check
/** The question page: a box to ask in, a thread of answers, and what there is to ask about. */
import { here } from "./client.js";
import { Composer } from "./composer.js";
import { CorpusList } from "./corpus.js";
import { byId } from "./dom.js";
import { findExamples, showExamples } from "./examples.js";
import { forget, remember, remembered, rememberPlace } from "./session.js";
import { Thread } from "./thread.js";

const element = byId("thread", HTMLElement);
const examples = byId("examples", HTMLElement);
const newThread = byId("new-thread", HTMLButtonElement);
const announcer = byId("announcer", HTMLParagraphElement);

const parts = {
  form: byId("composer", HTMLFormElement),
  box: byId("question", HTMLTextAreaElement),
  label: byId("question-label", HTMLLabelElement),
  send: byId("send", HTMLButtonElement),
  count: byId("question-count", HTMLParagraphElement),
};
const composer = new Composer(parts, ask, announce);
const corpus = new CorpusList(byId("corpus", HTMLElement), announce);
const thread = new Thread(element, { client: here, newTab: false, heading: "h2" }, {
  announce,
  busy: (busy) => {
    composer.busy = busy;
  },
  reveal: (turn) => turn.element.scrollIntoView({ block: "start" }),
  answered: (answer) => {
    remember(answer);
    if (answer.corpus_generation !== corpus.generation) void refresh();
  },
  failed: () => {},
});

/** @param {string} words */
function announce(words) {
  announcer.textContent = words;
}

/** @param {string} question */
function ask(question) {
  showAsked(true);
  void thread.ask(question);
}

/** @param {string} example */
function choose(example) {
  ask(example);
  composer.focus();
}

/** @param {boolean} asked whether there is a thread */
function showAsked(asked) {
  newThread.hidden = !asked;
  document.body.classList.toggle("asked", asked);
}

/** Show what there is to ask about, and examples of it. */
async function refresh() {
  await corpus.refresh();
  await findExamples(here, (questions) => showExamples(examples, questions, choose)).catch(() => {
    examples.hidden = true; // what is wrong is told by the list of articles
  });
}

function clear() {
  forget();
  thread.clear();
  showAsked(false);
}

/** Show the thread of this tab again, at the citation that the reader comes back from. */
function restore() {
  try {
    for (const answer of remembered()) thread.restore(answer);
    if (remembered().length) {
      showAsked(true);
      composer.continue();
    }
  } catch {
    clear(); // kept by another version of this page
  }
  const place = document.getElementById(location.hash.slice(1));
  if (place instanceof HTMLElement && element.contains(place)) {
    const folded = place.closest("details");
    if (folded) folded.open = true;
    place.scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
  } else {
    composer.focus();
  }
}

element.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a.citation") : null;
  if (link) rememberPlace(link.id);
});
newThread.addEventListener("click", () => {
  clear();
  announce("A new thread. What comes next is asked by itself.");
  composer.reset();
  composer.focus();
});
restore();
void refresh();
