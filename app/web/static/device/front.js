// The front page: its form, written field by field.

import { tellWhenEnded } from "./ended.js";
import { ready } from "./page.js";
import { Sheet } from "./sheet.js";

const at = await ready;
if (at) {
  tellWhenEnded(at);
  await new Sheet(at, document.getElementById("framsida")).begin();
  document.documentElement.dataset.ready = "front";
}
