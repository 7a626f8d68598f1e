/** What the HTTP API returns, as this page reads it. Types only: no browser loads this file; `// @ts-check` does. */

/** Offsets are half-open and count Unicode code points of the stored article text. */
export interface Span {
  start: number;
  end: number;
}

/** Words inside a longer text, with all of that text around them: `before + exact + after`. */
export interface Highlight extends Span {
  exact: string;
  before: string;
  after: string;
}

export interface ArticleName {
  article_id: string;
  title: string;
}

export interface Citation {
  number: number;
  article_id: string;
  passage_id: string;
  paragraph: number;
  /** Of a PDF. */
  page: number | null;
  title: string;
  url: string | null;
  author: string | null;
  published: string | null;
  link: string | null;
  also_in: ArticleName[];
}

export interface Quote extends Span {
  text: string;
  highlight: Highlight;
  confidence: number;
  citation: Citation;
  /** Another article that is quoted here says something else in its place. */
  disagrees?: boolean;
}

export interface Passage extends Span {
  passage_id: string;
  article_id: string;
  paragraph: number;
  page: number | null;
  kind: Kind;
  text: string;
  title: string;
  highlights: Highlight[];
}

export type Kind = "headline" | "body" | "caption" | "credit" | "boilerplate";

export interface Answer {
  question: string;
  status: "answered" | "not_found";
  /** That of the best candidate, also when it was refused. */
  confidence: number;
  reason: string | null;
  quotes: Quote[];
  passages: Passage[];
  corpus_generation: number;
}

export interface ArticleSummary {
  id: string;
  title: string;
  url: string | null;
  author: string | null;
  published: string | null;
  passages: number;
}

export interface ArticleList {
  articles: ArticleSummary[];
  corpus_generation: number;
}

export interface Example {
  question: string;
  article_id: string;
}

/** As long as `complete` is false, more may come. */
export interface ExampleList {
  examples: Example[];
  complete: boolean;
}

export interface ArticlePassage extends Span {
  paragraph: number;
  kind: Kind;
}

export interface Article extends Omit<ArticleSummary, "passages"> {
  text: string;
  passages: ArticlePassage[];
}
