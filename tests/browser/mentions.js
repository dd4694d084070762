/* What a reader sees of who links to a note and who mentions it: everything that should be otherwise, in words. */
(colours) => {
  const { contrast, isDark } = colours();
  const faults = [];
  const check = (holds, ...words) => holds || faults.push(words.join(" "));
  document.querySelectorAll(".seedbed-mentions details").forEach((details) => (details.open = true));

  check(document.documentElement.scrollWidth <= innerWidth, "the page scrolls sideways");
  const shown = [...document.querySelectorAll(":is(.seedbed-backlinks, .seedbed-mentions) *")];
  shown
    .filter((element) => !element.parentElement.closest("math"))
    .forEach((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      const says = [element.localName, element.textContent.slice(0, 30)];
      check(left >= 0 && right <= innerWidth, ...says, "is cut off:", left, right);
      check(width > 0 || !element.textContent, ...says, "takes no room");
      const isText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      check(!isText || contrast(element) >= 4.5, ...says, "is too faint:", contrast(element));
    });
  return { isDark: isDark(), links: shown.filter((element) => element.matches("li > a")).length, faults };
}
