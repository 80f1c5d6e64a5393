// What stands in an empty conversation.

import { element, reply, safeUrl } from "./message.js";

const GREETING = "您好，我是退款助手。\n能不能退、退多少、怎么退、多久到账，都可以直接问我。";
const VISITOR = "您还没有登录，我可以先说明一般的退订规则；查您的订单需要登录。";
const EXAMPLES = {
  account: ["我能退多少钱", "我有哪些订单可以退", "退款多久到账，退到哪里"],
  visitor: ["哪些情况不能退订", "量包七天内可以退吗", "代金券会退回吗"],
};

// `onExample` gets a question that was tapped; `loginUrl` is null where there is none.
export function greeting(account, loginUrl, onExample) {
  const said = reply({ text: account ? GREETING : `${GREETING}\n${VISITOR}`, buttons: [], kind: "greeting" });
  const examples = element("div", { class: "suggestions" });
  for (const text of EXAMPLES[account ? "account" : "visitor"]) {
    const chip = element("button", { type: "button", class: "chip" }, text);
    chip.addEventListener("click", () => onExample(text));
    examples.append(chip);
  }
  const login = account || !loginUrl ? null : safeUrl(loginUrl);
  if (login) {
    login.searchParams.set("next", location.pathname);
    examples.append(element("a", { class: "chip link", href: login.href }, "登录"));
  }
  said.append(examples);
  return element("div", { class: "turn" }, said);
}
