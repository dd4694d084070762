/* Where the notes are in the canvas while all of them are shown, by title: read from the page by other means. */
() => {
  const data = JSON.parse(document.getElementById("seedbed-map").textContent);
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const at = (place) => digits.indexOf(data.places[place]) * 64 + digits.indexOf(data.places[place + 1]);
  const canvas = document.querySelector("canvas");
  const scale = Math.min(canvas.clientWidth - 48, canvas.clientHeight) / data.side;
  const links = [...document.querySelectorAll(".seedbed-region li > a")];
  return Object.fromEntries(links.map((link, note) => [link.textContent, {
    x: (at(4 * note) - data.side / 2) * scale + canvas.clientWidth / 2,
    y: (at(4 * note + 2) - data.side / 2) * scale + canvas.clientHeight / 2,
  }]));
}
