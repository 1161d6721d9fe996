import { quickPlay } from "/sdk/sandlot.js";

const lobby = await quickPlay("sprint", { name: "runner" });
addEventListener("keydown", () => lobby.input({ go: true }));
