import { connect } from "/sdk/sandlot.js";

const lobby = await (await connect({ name: "runner" })).quickPlay("sprint");
addEventListener("keydown", () => lobby.setInput({ go: true }));
