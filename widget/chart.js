// The refund over the coming days as a small picture; what it shows is in the reply's text too.

const WIDTH = 320;
const HEIGHT = 132;
const LEFT = 8;
const RIGHT = 8;
const TOP = 24;
const BOTTOM = 22;
const OUTCOMES = { refundable: "可退", not_refundable: "不可退", needs_review: "人工确认" };
const SIGNS = { CNY: "¥", USD: "$" };

function svg(tag, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

// Stretches with times as numbers, or [] when any of them is not what we know how to draw.
function read(stretches) {
  if (!Array.isArray(stretches)) return [];
  const known = stretches.map((one) => ({
    from: Date.parse(one?.from),
    to: Date.parse(one?.to),
    outcome: one?.outcome,
    amount: one?.amount === null ? 0 : Number(one?.amount),
  }));
  const good = (one) =>
    one.to >= one.from && OUTCOMES[one.outcome] && Number.isFinite(one.amount) && one.amount >= 0;
  return known.every(good) ? known : [];
}

const money = (amount, sign) =>
  sign + amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const day = (time) =>
  new Intl.DateTimeFormat("zh-CN", { month: "2-digit", day: "2-digit", timeZone: "Asia/Shanghai" })
    .format(time)
    .replace("/", "-");

// An <svg>, or null when there is nothing to draw.
export function chart(data) {
  const stretches = read(data.stretches);
  const [first, last] = [stretches[0]?.from, stretches.at(-1)?.to];
  if (!(last > first)) return null;
  const sign = SIGNS[data.currency] ?? "";
  const top = Math.max(...stretches.map((one) => one.amount)) || 1;
  const x = (time) => LEFT + ((time - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (amount) => HEIGHT - BOTTOM - (amount / top) * (HEIGHT - TOP - BOTTOM);
  const from = stretches[0];
  const to = stretches.at(-1);
  const told = (one) => `${OUTCOMES[one.outcome]}${one.amount ? ` ${money(one.amount, sign)}` : ""}`;
  const picture = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: "chart",
    role: "img",
    "aria-label": `退款金额走势：${day(first)} ${told(from)}，${day(last)} ${told(to)}`,
  });
  for (const one of stretches) {
    const [left, level] = [x(one.from), y(one.amount)];
    const width = Math.max(x(one.to) - left, 1);
    const height = HEIGHT - BOTTOM - level;
    const style = { "data-outcome": one.outcome, x: left, width };
    picture.append(
      svg("rect", { ...style, class: "area", y: level, height }),
      svg("rect", { ...style, class: "edge", y: level - 1, height: 2 }),
    );
  }
  const base = HEIGHT - BOTTOM;
  picture.append(
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: base, y2: base }),
    svg("text", { x: LEFT, y: TOP - 10 }, told(from)),
    svg("text", { x: LEFT, y: HEIGHT - 6 }, day(first)),
    svg("text", { x: WIDTH / 2, y: HEIGHT - 6, "text-anchor": "middle" }, day((first + last) / 2)),
    svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, day(last)),
  );
  return picture;
}
