// On those of an inspection's pages that have no fields of their own on the device: the line that says whether
// everything is saved. What can be written from there is a finding (capture.js).

import { Dock } from "./dock.js";
import { ready } from "./page.js";

const at = await ready;
if (at) new Dock(at, document.querySelector(".dock"));
