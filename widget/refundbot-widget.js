// <refundbot-widget api="/api/chat" token-url="/session/token" login-url="/login">
// The help widget of a console: one custom element, its look and text kept in a shadow root.

import { ChatClient, newId, storage } from "./client.js";
import { deskBar } from "./desk.js";
import { deservesVote, votes } from "./feedback.js";
import { frame } from "./frame.js";
import { greeting } from "./greeting.js";
import { Late } from "./late.js";
import { Live } from "./live.js";
import { element, personLine, reply } from "./message.js";
import { sheet } from "./styles.js";

const MAX_LENGTH = 500;
const ASK_AGAIN = 7; // times that a slow answer is asked for again, about 4.5 s each

class RefundbotWidget extends HTMLElement {
  #client = null;
  #live = null;
  #late = null;
  #loaded = null;
  #mine = new Set(); // messages sent from this page
  #parts = {};

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#client = new ChatClient({
      api: this.getAttribute("api") ?? "/api/chat",
      tokenUrl: this.getAttribute("token-url"),
    });
    this.#live = new Live(this.#client, {
      line: (data) => this.#personSays(data),
      state: (data) => this.#showDesk(data),
      late: (data) => this.#late.came(data),
      waiting: (ids) => this.#late.settle(ids),
      end: () => this.#ended(),
      link: (connected) => this.#parts.desk.classList.toggle("lost", !connected),
    });
    this.#late = new Late({
      fetch: (turn) => this.#client.send(turn.message),
      press: (item) => this.#say({ text: item.title, button: item.token }),
      shown: (block, turn, replies) => this.#cameLate(block, turn, replies),
    });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    this.#build(root);
    const narrow = matchMedia("(max-width: 560px)").matches;
    if (storage.get("sessionStorage", "refundbot:open") === "1" && !narrow) this.open(false);
  }

  #build(root) {
    const { launcher, panel, log, desk, input, send, form, anew, close, who, count } = frame();
    root.append(launcher, panel);
    this.#parts = { launcher, panel, log, desk, input, send, who, count };

    launcher.addEventListener("click", () => this.open());
    close.addEventListener("click", () => this.close());
    anew.addEventListener("click", () => this.#startAnew());
    panel.addEventListener("keydown", (event) => this.#onPanelKey(event));
    input.addEventListener("input", () => this.#onInput());
    input.addEventListener("keydown", (event) => {
      // Enter that picks a word of an input method is not a send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (send.disabled || !text) return;
      input.value = "";
      this.#onInput();
      this.#say({ text });
    });
  }

  open(focus = true) {
    const { launcher, panel, input } = this.#parts;
    panel.hidden = false;
    launcher.hidden = true;
    launcher.classList.remove("news");
    launcher.setAttribute("aria-expanded", "true");
    storage.set("sessionStorage", "refundbot:open", "1");
    if (focus) input.focus();
    this.#loaded ??= this.#load();
  }

  close() {
    const { launcher, panel } = this.#parts;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    storage.set("sessionStorage", "refundbot:open", "0");
    launcher.focus();
  }

  #onPanelKey(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      this.close();
    }
    // Full screen hides the page behind; the keyboard stays in front as well.
    if (event.key !== "Tab" || !matchMedia("(max-width: 560px)").matches) return;
    const stops = [...this.#parts.panel.querySelectorAll("button:not(:disabled), a[href], textarea, [tabindex='0']")];
    const active = this.shadowRoot.activeElement;
    const end = event.shiftKey ? stops[0] : stops.at(-1);
    if (active === end) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  }

  #onInput() {
    const { input, send, count } = this.#parts;
    const length = [...input.value.trim()].length;
    send.disabled = length === 0 || length > MAX_LENGTH;
    count.textContent = length > MAX_LENGTH - 50 ? `${length}/${MAX_LENGTH}` : "";
    count.className = length > MAX_LENGTH ? "over" : "";
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, 120)}px`;
  }

  async #load() {
    const { log, who } = this.#parts;
    try {
      await this.#client.authorize();
      const account = this.#client.account;
      who.textContent = account ? `账号 ${account}` : "未登录";
      const { conversation } = this.#client;
      const past = await this.#client.history();
      if (conversation !== this.#client.conversation) return; // begun anew meanwhile
      // Somebody may have asked before this came: what is on its way stays below what was.
      const asked = [...log.childNodes];
      const replayed = [];
      if (past.messages.length === 0) this.#greet();
      for (const message of past.messages) {
        if (this.#mine.has(message.message_id)) continue;
        replayed.push([this.#replay(message), message.replies]);
        for (const line of past.live) if (line.after === message.message_id) this.#personSays(line);
      }
      for (const [turn, replies] of replayed) this.#late.show(turn, replies);
      this.#showDesk(past.desk);
      if (past.desk || this.#late.waits) this.#live.start();
      log.append(...asked);
    } catch (error) {
      who.textContent = "未连接";
      this.#loaded = null;
      const again = element("button", { type: "button", class: "chip" }, "重新连接");
      const failed = element("div", { class: "turn" }, reply({ text: error.message, buttons: [], kind: "outage" }), again);
      again.addEventListener("click", () => {
        failed.remove();
        this.#loaded = this.#load();
      });
      log.append(failed);
    }
    this.#toEnd();
  }

  #greet() {
    const ask = (text) => this.#say({ text });
    this.#parts.log.append(greeting(this.#client.account, this.getAttribute("login-url"), ask));
  }

  async #startAnew() {
    if (!this.#client.token) return;
    const waits = !this.#parts.desk.hidden;
    this.#live.stop();
    this.#late.forget();
    // Nobody shall wait in a conversation that is left behind.
    if (waits) await this.#client.send({ messageId: newId(), text: "退出排队" }).catch(() => {});
    this.#client.startAnew();
    this.#showDesk(null);
    this.#parts.log.replaceChildren();
    this.#greet();
    this.#parts.input.focus();
  }

  // One message of the customer and its replies.
  #turn(message) {
    const state = element("div", { class: "state", hidden: true });
    const mine = element("div", { class: "me" }, element("div", { class: "bubble" }, message.text), state);
    const replies = element("div", { class: "replies" });
    const turn = element("div", { class: "turn" }, mine, replies);
    this.#parts.log.append(turn);
    const made = { message, mine, state, replies };
    this.#late.know(made);
    return made;
  }

  #replay(stored) {
    const turn = this.#turn({ messageId: stored.message_id, text: stored.text });
    turn.vote = stored.vote;
    this.#show(turn, stored.replies);
    if (stored.status === "answered") this.#offerVote(turn, stored.replies.filter((each) => !each.late), stored.vote);
    if (stored.status === "received") this.#deliver(turn);
    if (stored.status === "waiting") this.#late.wait(turn);
    // A tapped button is not sent again by its title; a typed question is.
    if (stored.status === "failed" && stored.kind === "text") this.#failed(turn, "没有处理成功");
    return turn;
  }

  #say(content) {
    const turn = this.#turn({ messageId: newId(), ...content });
    this.#mine.add(turn.message.messageId);
    this.#toEnd();
    return this.#deliver(turn);
  }

  async #deliver(turn) {
    turn.mine.dataset.state = "sending";
    turn.state.hidden = true;
    const typing = element("div", { class: "bot" }, element("div", { class: "bubble typing", "aria-label": "正在回复" }, element("i"), element("i"), element("i")));
    turn.replies.replaceChildren(typing);
    this.#toEnd();
    try {
      let answer = await this.#client.send(turn.message);
      for (let tries = 0; answer.outcome === "pending" && tries < ASK_AGAIN; tries += 1) {
        this.#show(turn, answer.replies);
        turn.replies.append(typing);
        answer = await this.#client.send(turn.message);
      }
      this.#show(turn, answer.replies);
      this.#late.show(turn, answer.replies);
      turn.mine.dataset.state = "sent";
      if (answer.outcome === "answered" || answer.outcome === "repeated") this.#settled(turn, answer);
      if (answer.outcome === "waiting") {
        this.#late.wait(turn);
        this.#live.start();
      }
      if (answer.outcome === "failed" || answer.outcome === "pending") this.#failed(turn, "没有处理成功");
    } catch (error) {
      typing.remove();
      this.#failed(turn, error.message);
    }
    this.#toAnswer(turn);
  }

  #settled(turn, answer) {
    this.#offerVote(turn, answer.replies);
    // A person has the talk, or will: from now on their words come by the stream.
    const waits = answer.replies.some((each) => each.kind === "handoff" || each.kind === "queue");
    if (waits || answer.replies.length === 0) this.#live.start();
  }

  // The stream has nothing more to tell; what is still owed to this page was answered before.
  async #ended() {
    this.#showDesk(null);
    await this.#late.settle([]);
    if (this.#late.waits) setTimeout(() => this.#live.start(), 1000);
  }

  #cameLate(block, turn, replies) {
    const { log, panel, launcher } = this.#parts;
    if (deservesVote(replies)) block.append(votes(turn.vote, (vote) => this.#client.vote(turn.message.messageId, vote)));
    launcher.classList.toggle("news", panel.hidden);
    const near = log.scrollHeight - block.offsetHeight - log.scrollTop - log.clientHeight < 120;
    if (!near || block.parentElement !== log.lastElementChild) return;
    requestAnimationFrame(() => log.scrollTo({ top: block.offsetTop - log.offsetTop - 12 }));
  }

  #offerVote(turn, replies, chosen) {
    if (!deservesVote(replies)) return;
    turn.replies.append(votes(chosen, (vote) => this.#client.vote(turn.message.messageId, vote)));
  }

  #personSays(data) {
    this.#live.last = Math.max(this.#live.last, data.id);
    const { log } = this.#parts;
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    log.append(element("div", { class: "turn" }, personLine(data)));
    if (near) this.#toEnd();
  }

  // The bar above the input: who has the talk, and the way back to the bot.
  #showDesk(state) {
    const { desk, log } = this.#parts;
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    desk.hidden = !state;
    if (near) this.#toEnd();
    if (state) desk.replaceChildren(...deskBar(state, (text) => this.#say({ text })));
  }

  #failed(turn, why) {
    const again = element("button", { type: "button" }, "重试");
    again.addEventListener("click", () => this.#deliver(turn));
    turn.state.replaceChildren(element("span", {}, why), again);
    turn.state.hidden = false;
    turn.mine.dataset.state = "failed";
  }

  #show(turn, replies) {
    const onButton = (item) => this.#say({ text: item.title, button: item.token });
    const now = replies.filter((each) => !each.late);
    turn.replies.replaceChildren(...now.map((each) => reply(each, onButton)));
  }

  // The answer stands in its first line: a long one is shown from its top, not from its end.
  #toAnswer(turn) {
    const { log } = this.#parts;
    requestAnimationFrame(() => {
      const whole = turn.mine.parentElement;
      if (whole !== log.lastElementChild || whole.offsetHeight < log.clientHeight - 24) return this.#toEnd();
      log.scrollTo({ top: whole.offsetTop - log.offsetTop - 12 });
    });
  }

  #toEnd() {
    const { log } = this.#parts;
    requestAnimationFrame(() => log.scrollTo({ top: log.scrollHeight }));
  }
}

customElements.define("refundbot-widget", RefundbotWidget);
