// Talks to the gateway: tokens, messages sent exactly once, history.

const RENEW_BEFORE = 30_000; // ms before its end that a token is renewed
const REQUEST_LIMIT = 12_000; // ms; the gateway itself answers within 5 s
const OFFLINE = "网络连不上，这条没有发出去。";
const BROKEN = "系统出了点问题，这条没有发出去。";

export class ChatError extends Error {
  constructor(message, { status = 0, retryAfter = 0 } = {}) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Storage that a strict browser may refuse; then everything lasts as long as the page.
const memory = new Map();
export const storage = {
  get(area, key) {
    try {
      return window[area].getItem(key);
    } catch {
      return memory.get(area + key) ?? null;
    }
  },
  set(area, key, value) {
    memory.set(area + key, value);
    try {
      window[area].setItem(key, value);
    } catch {
      /* kept in memory */
    }
  },
};

async function request(url, options) {
  let response;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(REQUEST_LIMIT) });
  } catch {
    throw new ChatError(OFFLINE);
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    /* not one of our answers */
  }
  if (response.ok && body) return body;
  throw new ChatError(typeof body?.message === "string" ? body.message : BROKEN, {
    status: response.status || 500,
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
}

export class ChatClient {
  constructor({ api, tokenUrl }) {
    this.api = api.replace(/\/$/, "");
    this.tokenUrl = tokenUrl;
    this.account = null; // null: a visitor
    this.token = null;
    this.expires = 0;
    this.renewal = null;
  }

  // The console's token when its user is signed in, else a visitor's.
  async authorize() {
    if (this.token && Date.now() < this.expires - RENEW_BEFORE) return;
    this.renewal ??= this.renew().finally(() => (this.renewal = null));
    await this.renewal;
  }

  async renew() {
    let granted = null;
    if (this.tokenUrl) {
      try {
        granted = await request(this.tokenUrl, { method: "POST", credentials: "same-origin" });
      } catch (error) {
        if (![401, 403, 404].includes(error.status)) throw error;
      }
    }
    granted ??= await this.visit();
    this.token = granted.token;
    this.expires = Date.now() + granted.expires_in * 1000;
    this.account = granted.account ?? null;
  }

  // A visitor shows their last token to stay the same visitor.
  async visit() {
    const last = storage.get("localStorage", "refundbot:visitor");
    const headers = last ? { Authorization: `Bearer ${last}` } : {};
    const granted = await request(`${this.api}/visitor-token`, { method: "POST", headers });
    storage.set("localStorage", "refundbot:visitor", granted.token);
    return granted;
  }

  get conversationKey() {
    return `refundbot:conversation:${this.account ?? "visitor"}`;
  }

  get conversation() {
    let id = storage.get("localStorage", this.conversationKey);
    if (!id) {
      id = newId();
      storage.set("localStorage", this.conversationKey, id);
    }
    return id;
  }

  startAnew() {
    storage.set("localStorage", this.conversationKey, newId());
  }

  async call(path, options = {}) {
    await this.authorize();
    const send = () =>
      request(this.api + path(), {
        ...options,
        headers: { ...options.headers, Authorization: `Bearer ${this.token}` },
      });
    try {
      return await send();
    } catch (error) {
      if (error.status !== 401) throw error;
      const account = this.account;
      this.token = null;
      await this.authorize();
      if (this.account !== account) throw error; // somebody else now: not theirs to send
      return send();
    }
  }

  // The same message id again never runs a second turn.
  async send({ messageId, text, button }) {
    const said = button === undefined ? { text } : { button };
    return this.post("/messages", { message_id: messageId, ...said });
  }

  // {messages, live, desk}: what was said, the words of people, and whether one has the talk.
  async history() {
    return this.call(() => `/history?conversation=${encodeURIComponent(this.conversation)}`);
  }

  async post(path, body) {
    await this.authorize();
    return this.call(() => path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ conversation: this.conversation, ...body }),
    });
  }

  vote(messageId, vote) {
    return this.post("/feedback", { message_id: messageId, ...vote });
  }

  // The stream of what people say after a line; no time limit, it ends by itself or by `signal`.
  async openLive(after, signal) {
    await this.authorize();
    const response = await fetch(
      `${this.api}/live?conversation=${encodeURIComponent(this.conversation)}`,
      {
        signal,
        headers: {
          Accept: "text/event-stream",
          Authorization: `Bearer ${this.token}`,
          "Last-Event-ID": String(after),
        },
      },
    );
    if (response.status === 401) this.token = null;
    if (!response.ok) throw new ChatError(BROKEN, { status: response.status });
    return response.body;
  }
}
