// @ts-check
/** What was asked in this tab, so that the thread is still there when a reader comes back from an article. */

/** @typedef {import("./contract.d.ts").Answer} Answer */

const KEY = "onrecord.thread";
const RETURN_KEY = "onrecord.return";
const KEPT = 20;

/** @returns {Answer[]} */
export function remembered() {
  try {
    const answers = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(answers) ? answers : [];
  } catch {
    return [];
  }
}

/** @param {Answer} answer */
export function remember(answer) {
  write(KEY, JSON.stringify([...remembered(), answer].slice(-KEPT)));
}

export function forget() {
  write(KEY, "[]");
}

/**
 * The id of the citation that was followed, to come back to.
 *
 * @param {string} id
 */
export function rememberPlace(id) {
  write(RETURN_KEY, id);
}

/** @returns {string} empty if no citation was followed in this tab */
export function rememberedPlace() {
  try {
    return sessionStorage.getItem(RETURN_KEY) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function write(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing, or has no room left, still answers; it only forgets.
  }
}
