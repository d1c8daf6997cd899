// Lessons come before notes for instructors, whatever word is looked for.
var Scorer = {
  score: function (result) {
    const [page, , , , score] = result;
    if (page.startsWith("lessons/")) return score + 20;
    return page.startsWith("instructors/") ? score - 100 : score;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

// Opened from a folder, a page may not read another: their words are in a script, which
// the search's page alone asks for.
const fetched = window.fetch;
let texts;
window.fetch = async (address, ...options) => {
  if (!document.getElementById("search-results")) return fetched(address, ...options);
  texts ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = new URL("_static/texts.js", document.baseURI);
    script.onload = () => done(window.TEXTS);
    document.head.append(script);
  });
  const root = new URL(".", document.baseURI).href;
  const url = new URL(address, document.baseURI).href;
  const name = decodeURIComponent(url.slice(root.length).split(/[?#]/)[0]);
  const words = (await texts)[name];
  if (words === undefined) return fetched(address, ...options);
  return new Response(`<main role="main">${words}</main>`);
};
