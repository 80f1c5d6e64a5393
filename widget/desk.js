// The bar above the input while a person has the conversation, or will.

import { element } from "./message.js";

// `state` of the gateway: {status: "waiting" | "open", text}. `onLeave` gets the words that leave.
export function deskBar(state, onLeave) {
  const waiting = state.status === "waiting";
  const words = waiting ? "退出排队" : "结束人工";
  const out = element("button", { type: "button", class: "chip" }, words);
  out.addEventListener("click", () => {
    out.disabled = true;
    onLeave(words);
  });
  const title = element("strong", {}, waiting ? "人工排队中" : state.text);
  return [element("p", {}, title, ...(waiting ? [element("span", {}, state.text)] : [])), out];
}
