// @ts-check
/** What there is to ask about: the list of articles. */
import { describe, here, whenReady } from "./client.js";
import { h } from "./dom.js";
import { byline, counted, INDEX_COMMAND } from "./words.js";

/** @typedef {import("./client.js").Problem} Problem */
/** @typedef {import("./contract.d.ts").ArticleSummary} ArticleSummary */

const TITLES_SHOWN = 8;

/** The articles of the server, in a section of the page. */
export class CorpusList {
  #section;
  #announce;
  /** @type {number | null} the generation of the articles that are listed */
  generation = null;

  /**
   * @param {HTMLElement} section
   * @param {(words: string) => void} announce
   */
  constructor(section, announce) {
    this.#section = section;
    this.#announce = announce;
  }

  /** Read the list from the server and show it, or what is in its way. */
  async refresh() {
    try {
      const list = await whenReady(
        () => here.listArticles(),
        (problem) => this.#showNotReady(problem),
      );
      this.#section.replaceChildren(...(list.articles.length ? renderArticles(list.articles) : renderNoArticles()));
      this.generation = list.corpus_generation;
    } catch (error) {
      const { title, detail } = describe(error);
      this.#announce(`${title} ${detail}`);
      const again = h("button", { type: "button", class: "secondary", click: () => void this.refresh() }, "Try again");
      const told = [h("p", { class: "verdict" }, title), h("p", {}, detail), h("p", { class: "actions" }, again)];
      this.#section.replaceChildren(...told);
    }
  }

  /** @param {Problem} problem */
  #showNotReady(problem) {
    const verdict = "The server is not ready yet. Trying again…";
    if (this.#section.firstChild?.textContent !== verdict) this.#announce(verdict);
    this.#section.replaceChildren(h("p", { class: "verdict" }, verdict), h("p", {}, `${problem.title}.`));
  }
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
  const title = h("a", { href: here.articlePage(article.id) }, h("bdi", {}, article.title));
  return h("li", {}, title, ...(line ? [h("span", { class: "byline", dir: "auto" }, line)] : []));
}

function renderNoArticles() {
  return [
    h("p", { class: "verdict" }, "There are no articles to ask yet."),
    h("p", {}, "Add some on the server: ", h("code", {}, INDEX_COMMAND)),
  ];
}
