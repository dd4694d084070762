/* What a reader sees on this page. Folded parts are opened first, so that nothing hides in them. */
async () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const hasBox = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  };
  const start = (element) => element.outerHTML.slice(0, 200);

  all("details").forEach((details) => (details.open = true));
  await document.fonts.ready;

  const page = document.documentElement;
  const markup = /\[\[|\]\]|\$\$|%%/;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const raw = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (markup.test(data) && !parentElement.closest("code, script, style, annotation, .seedbed-example__result")) {
      raw.push(data.trim());
    }
  }

  const formulas = all("math");
  const links = all("a[href]")
    .filter((link) => link.origin === location.origin)
    .map((link) => link.href);
  const ids = all("[id]").map((element) => element.id);
  const main = document.querySelector("main") ?? document.body;
  return {
    title: document.title,
    language: page.lang,
    too_wide: Math.max(0, page.scrollWidth - innerWidth),
    raw,
    formulas: formulas.length,
    flat_formulas: formulas.filter((formula) => !hasBox(formula)).map(start),
    math_fonts: [...document.fonts].filter((font) => /Math/.test(font.family)).map((font) => font.status),
    links,
    ids,
    headings: [...main.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(isShown).map((heading) => +heading.localName[1]),
    without_alt: all("img:not([alt])").map(start),
    bare_drawings: all("main .seedbed-figure svg")
      .filter((drawing) => {
        const says = (name) => drawing.querySelector(`:scope > ${name}`)?.textContent.trim();
        return drawing.getAttribute("role") !== "img" || !says("title") || !says("desc") || !hasBox(drawing);
      })
      .map(start),
    drawings: all("main .seedbed-figure svg").length,
    hints: all("link[rel~=preconnect], link[rel~=dns-prefetch]").map(start),
    crumbs: all('nav[aria-label="Upstream"] a').map((link) => link.textContent),
    backlinks: all("#seedbed-backlinks ~ ul > li > a").map((link) => link.textContent),
  };
}
