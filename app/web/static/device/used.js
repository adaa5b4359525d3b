// A text that was used before is begun with in the sheet for a new finding, over the page that it was found on.

import { openCapture } from "./capture.js";

document.getElementById("main").addEventListener("click", (event) => {
  const link = event.target.closest("[data-begin]");
  if (!link) return;
  event.preventDefault();
  const { area, kind, criterion, begin } = link.dataset;
  openCapture({ area, kind, criteria: [criterion], text: document.getElementById(begin).textContent });
});
