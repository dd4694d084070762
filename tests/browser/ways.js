/* What a reader sees of the ways around a page's text, and of an open search: all that should be otherwise, in words. */
(colours) => {
  const { contrast, isDark } = colours();
  const faults = [];
  const check = (holds, ...words) => holds || faults.push(words.join(" "));

  check(document.documentElement.scrollWidth <= innerWidth, "the page scrolls sideways");
  const dialog = document.querySelector("dialog[open]");
  const around = ".seedbed-header, .seedbed-path, .seedbed-way, .seedbed-turn, .seedbed-notes, .seedbed-stub";
  const parts = dialog ? [dialog] : document.querySelectorAll(`.seedbed-article :is(${around})`);
  const shown = new Set([...parts].flatMap((part) => [part, ...part.querySelectorAll("*")]));
  for (const element of shown) {
    if (element.closest("math, svg, .seedbed-unseen, [hidden]") || !element.checkVisibility()) continue;
    const { left, right, height } = element.getBoundingClientRect();
    const says = [element.localName, element.className, element.textContent.trim().slice(0, 30)];
    check(left >= -0.5 && right <= innerWidth + 0.5, ...says, "is cut off:", left, right);
    const isText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    check(!isText || contrast(element) >= 4.5, ...says, "is too faint:", contrast(element));
    check(!isText || parseFloat(getComputedStyle(element).fontSize) >= 10, ...says, "is too small");
    check(element.localName !== "button" || height >= 20, ...says, "is hard to hit:", height);
  }
  return { isDark: isDark(), parts: parts.length, faults };
}
