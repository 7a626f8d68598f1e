// @ts-check
/** The question page: a box to ask in, a thread of answers, and what there is to ask about. */
import { articlePage, listArticles, Problem, whenReady } from "./client.js";
import { Composer } from "./composer.js";
import { byId, h } from "./dom.js";
import { forget, remember, remembered, rememberPlace } from "./session.js";
import { describe, Turn } from "./turn.js";
import { announcement, byline, counted, INDEX_COMMAND } from "./words.js";

/** @typedef {import("./contract.d.ts").Answer} Answer */
/** @typedef {import("./contract.d.ts").ArticleSummary} ArticleSummary */

const TITLES_SHOWN = 8;

const thread = byId("thread", HTMLElement);
const corpus = byId("corpus", HTMLElement);
const startOver = byId("start-over", HTMLButtonElement);
const announcer = byId("announcer", HTMLParagraphElement);
const composer = new Composer((question) => void run(addTurn(question), question), announce);

/** @type {number | null} the generation of the articles that are listed */
let generation = null;
let turns = 0;

/** @param {string} words */
function announce(words) {
  announcer.textContent = words;
}

/** @param {string} question */
function addTurn(question) {
  turns += 1;
  const turn = new Turn(question, `turn-${turns}`);
  thread.append(turn.element);
  thread.hidden = false;
  startOver.hidden = false;
  document.body.classList.add("asked");
  return turn;
}

/**
 * @param {Turn} turn
 * @param {string} question
 */
async function run(turn, question) {
  composer.busy = true;
  turn.reveal();
  announce("Reading the articles.");
  const answer = await turn.ask(announce);
  composer.busy = false;
  if (answer) {
    remember(answer);
    announce(announcement(answer));
    if (answer.corpus_generation !== generation) void showCorpus();
  } else {
    turn.offerRetry(() => {
      turn.focus();
      void run(turn, question);
    });
  }
  turn.reveal();
}

async function showCorpus() {
  try {
    const list = await whenReady(listArticles, showNotReady);
    corpus.replaceChildren(...(list.articles.length ? renderArticles(list.articles) : renderNoArticles()));
    generation = list.corpus_generation;
  } catch (error) {
    const { title, detail } = describe(error);
    announce(`${title} ${detail}`);
    const again = h("button", { type: "button", class: "secondary", click: () => void showCorpus() }, "Try again");
    corpus.replaceChildren(h("p", { class: "verdict" }, title), h("p", {}, detail), h("p", { class: "actions" }, again));
  }
}

/** @param {Problem} problem */
function showNotReady(problem) {
  const verdict = "The server is not ready yet. Trying again…";
  if (corpus.firstChild?.textContent !== verdict) announce(verdict);
  corpus.replaceChildren(h("p", { class: "verdict" }, verdict), h("p", {}, `${problem.title}.`));
}

/** @param {ArticleSummary[]} articles */
function renderArticles(articles) {
  const passages = articles.reduce((sum, article) => sum + article.passages, 0);
  const facts = `${counted(articles.length, "article")}, ${counted(passages, "passage")}`;
  const list = h("ul", { class: "articles" }, ...articles.slice(0, TITLES_SHOWN).map(renderTitle));
  const rest = articles.slice(TITLES_SHOWN);
  const more = h(
    "button",
    {
      type: "button",
      class: "secondary",
      click: () => {
        const items = rest.map(renderTitle);
        list.append(...items);
        items[0]?.querySelector("a")?.focus();
        more.remove();
      },
    },
    `Show ${counted(rest.length, "more article")}`,
  );
  return [h("h2", {}, "On the record"), h("p", { class: "facts" }, facts), list, ...(rest.length ? [more] : [])];
}

/** @param {ArticleSummary} article */
function renderTitle(article) {
  const line = byline(article);
  const title = h("a", { href: articlePage(article.id) }, h("bdi", {}, article.title));
  return h("li", {}, title, ...(line ? [h("span", { class: "byline", dir: "auto" }, line)] : []));
}

function renderNoArticles() {
  return [
    h("p", { class: "verdict" }, "There are no articles to ask yet."),
    h("p", {}, "Add some on the server: ", h("code", {}, INDEX_COMMAND)),
  ];
}

function clear() {
  forget();
  thread.replaceChildren();
  thread.hidden = true;
  startOver.hidden = true;
  document.body.classList.remove("asked");
}

/** Show the thread of this tab again, at the citation that the reader comes back from. */
function restore() {
  try {
    for (const answer of remembered()) addTurn(answer.question).show(answer);
  } catch {
    clear(); // kept by another version of this page
  }
  const place = document.getElementById(location.hash.slice(1));
  if (place instanceof HTMLElement && thread.contains(place)) {
    const folded = place.closest("details");
    if (folded) folded.open = true;
    place.scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
  } else if (matchMedia("(pointer: fine)").matches) {
    composer.focus();
  }
}

thread.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a.citation") : null;
  if (link) rememberPlace(link.id);
});
startOver.addEventListener("click", () => {
  clear();
  announce("The thread is empty.");
  composer.reset();
});
restore();
void showCorpus();
