// The page: what is typed and pressed goes out, cards come in; focus and words for listeners go along.

import { chosen, element, limitTicks, moveAmongTabs, openDialog } from "./cards.js";
import { Link } from "./link.js";
import { MessageBox } from "./message-box.js";

const WORKING_AFTER = 300;
const POSTS = 50;
const byId = (id) => document.getElementById(id);
const log = byId("log");
const posts = byId("posts");
const told = new Set();
let labels = {};
let clockAhead = 0;
let offset = 0;
let underWay = 0;

const link = new Link(document.body.dataset.you, { heard, changed });
const box = new MessageBox(byId("composer"), run);
ask({ kind: "run", words: "/pmpath home", place: "home" }, { quietly: true });

function run(text) {
  const mine = document.createElement("p");
  mine.className = "mine";
  mine.dir = "auto";
  const who = document.createElement("span");
  who.className = "heard";
  who.textContent = `${labels.you ?? ""} `;
  mine.append(who, text);
  log.append(mine);
  show(mine);
  ask({ kind: "run", words: text });
}

// `from` says where the question came from: its card, whether a tab was pressed, and whether focus stays.
async function ask(message, from = {}) {
  const answer = await send(message, from.card);
  take(answer, message, from);
}

async function send(message, card) {
  card?.setAttribute("aria-busy", "true");
  underWay += 1;
  const timer = setTimeout(() => working(true), WORKING_AFTER);
  const answer = await link.ask(message);
  clearTimeout(timer);
  underWay -= 1;
  if (underWay === 0) working(false);
  card?.removeAttribute("aria-busy");
  return answer;
}

function take(answer, message, from) {
  speak(answer);
  if (answer.html) place(element(answer.html), from);
  if (answer.dialog) openForm(answer.dialog, message, from);
  if (answer.posted) note(labels.posted);
  if (answer.moved) say(labels.clock_moved);
  if (answer.kind === "failed") complain(labels.failed);
  for (const html of answer.also ?? []) log.append(element(html));
}

function openForm(html, message, from) {
  const sendForm = (wire, values) =>
    send({ kind: "form", words: wire, values, place: message.place, post: message.post });
  openDialog(html, sendForm, (answer) => take(answer, message, from));
}

function place(card, from) {
  const pressed = from.card?.isConnected && !from.card.dataset.post ? from.card : undefined;
  if (pressed) pressed.replaceWith(card);
  else log.append(card);
  prepare(card);
  if (from.quietly) return;
  show(card);
  const tab = from.tab && card.querySelector("[role=tab][aria-selected=true]");
  const target = tab || card.querySelector("h3");
  target.focus({ preventScroll: true });
}

function prepare(card) {
  for (const option of card.querySelectorAll(".option")) {
    option.toggleAttribute("data-answers", Boolean(buttonOf(option)));
  }
  card.querySelectorAll("fieldset[data-most]").forEach(limitTicks);
}

function show(item) {
  showChannel(false);
  const fits = item.offsetHeight < innerHeight * 0.6;
  item.scrollIntoView({ block: fits ? "nearest" : "start" });
}

function heard(news) {
  if (news.kind === "hello") {
    speak(news);
    news.posts.forEach((post) => addPost(post));
    news.gone.forEach(removePost);
  }
  if (news.kind === "gone") removePost(news.key);
  if (news.kind === "tell" && !told.has(news.key)) {
    told.add(news.key);
    const card = element(news.html);
    log.append(card);
    prepare(card);
    say(card.querySelector("h3").textContent);
  }
  if (news.kind === "tell") link.tellBack(news.key);
  if (news.kind === "post") {
    const card = addPost(news);
    say(`${labels.news}: ${card.querySelector("h3").textContent}`);
    countNews();
  }
  if (news.kind === "unreadable") complain(labels.unreadable);
  if (news.now) setClock(news);
}

function addPost({ key, html }) {
  const card = element(html);
  const old = posts.querySelector(`[data-post="${CSS.escape(key)}"]`);
  const held = old?.contains(document.activeElement);
  if (old) old.replaceWith(card);
  else posts.prepend(card);
  if (held) card.querySelector("h3").focus({ preventScroll: true });
  prepare(card);
  while (posts.children.length > POSTS) posts.lastElementChild.remove();
  byId("channel-empty").hidden = true;
  return card;
}

function removePost(key) {
  const old = posts.querySelector(`[data-post="${CSS.escape(key)}"]`);
  if (old?.contains(document.activeElement)) byId("channel-title").focus();
  old?.remove();
  byId("channel-empty").hidden = posts.children.length > 0;
}

// What can be scrolled can be reached by keyboard, and only then is one more stop for Tab.
new ResizeObserver(() => {
  const channel = byId("channel");
  channel.toggleAttribute("tabindex", channel.scrollHeight > channel.clientHeight + 1);
  if (channel.hasAttribute("tabindex")) channel.tabIndex = 0;
}).observe(posts);

function countNews() {
  if (getComputedStyle(byId("channel")).display !== "none") return;
  const count = byId("news");
  count.textContent = String(Number(count.textContent || "0") + 1);
}

function speak(answer) {
  if (!answer.labels) return;
  labels = answer.labels;
  box.commands = answer.commands;
  document.documentElement.lang = answer.language;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = labels[each.dataset.say];
  for (const each of document.querySelectorAll("[data-say-label]")) each.ariaLabel = labels[each.dataset.sayLabel];
  for (const each of document.querySelectorAll("[data-say-placeholder]")) each.placeholder = labels[each.dataset.sayPlaceholder];
  for (const each of document.querySelectorAll("option[data-moderator]")) {
    each.textContent = `${each.dataset.moderator} (${labels.moderator})`;
  }
  drawClock();
}

function say(words) {
  byId("status").textContent = "";
  setTimeout(() => (byId("status").textContent = words ?? ""), 50);
}

function note(words) {
  const line = document.createElement("p");
  line.className = "quiet";
  line.textContent = words;
  log.append(line);
  show(line);
  say(words);
}

function complain(words) {
  const line = document.createElement("p");
  line.className = "wrong";
  line.textContent = words ?? "";
  log.append(line);
  show(line);
  say(words);
}

function working(on) {
  byId("working").hidden = !on;
  if (on) {
    say(labels.working);
    show(byId("working"));
  } else if (byId("status").textContent === labels.working) {
    byId("status").textContent = "";
  }
}

function changed(state) {
  const line = byId("connection");
  if (state === "lost") {
    line.textContent = labels.lost;
    line.hidden = false;
    say(labels.lost);
  } else if (!line.hidden) {
    line.hidden = true;
    say(labels.connected);
  }
}

function setClock({ now, offset: ahead }) {
  offset = ahead;
  clockAhead = now - Date.now();
  drawClock();
}

function drawClock() {
  const now = new Date(Date.now() + clockAhead);
  const format = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  byId("now").textContent = format.format(now);
  byId("now").dateTime = now.toISOString();
}

// The button that bears an answer's letter; who uses a mouse may press the answer itself.
function buttonOf(option) {
  return option.closest(".card").querySelector(`button[aria-describedby="${option.id}"]`);
}

function press(button) {
  const card = button.closest(".card");
  if (card.getAttribute("aria-busy") === "true") return;
  const values = button.hasAttribute("data-takes-values") ? chosen(card) : {};
  pressIn(card, button.dataset.press, values, button.role === "tab");
}

function pressIn(card, wire, values, tab) {
  const { place, post } = card.dataset;
  ask({ kind: "press", words: wire, values, place, post }, { card, tab });
}

function choose(select) {
  if (!select.value) return select.focus();
  pressIn(select.closest(".card"), select.dataset.chooses, { [select.dataset.select]: [select.value] });
}

document.addEventListener("click", (event) => {
  const option = event.target.closest(".option[data-answers]");
  if (option && getSelection().isCollapsed) press(buttonOf(option));
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.press) press(button);
  if (button.dataset.clock) ask({ kind: "clock", words: `${button.dataset.clock} ${offset}` });
  if (button.hasAttribute("data-choose")) choose(button.parentElement.querySelector("select"));
});

// A choice by mouse or finger presses at once; by keyboard the button beside it does, since arrows pass over choices.
document.addEventListener("pointerdown", (event) => {
  if (event.target.matches("select[data-chooses]")) event.target.dataset.pointed = "yes";
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("select[data-chooses]")) delete event.target.dataset.pointed;
  if (event.target.matches("[role=tab]")) moveAmongTabs(event);
});
document.addEventListener("change", (event) => {
  const fieldset = event.target.closest("fieldset[data-most]");
  if (fieldset) limitTicks(fieldset);
  if (event.target.matches("select[data-pointed]")) choose(event.target);
});

// On a narrow screen the channel takes the chat's place, until something new comes into the chat.
function showChannel(shown) {
  document.body.classList.toggle("shows-channel", shown);
  document.querySelector(".to-channel").setAttribute("aria-expanded", String(shown));
}

document.querySelector(".to-channel").addEventListener("click", (event) => {
  const shown = event.currentTarget.getAttribute("aria-expanded") === "false";
  showChannel(shown);
  byId("news").textContent = "";
  if (shown) byId("channel-title").focus();
});

document.querySelector(".clock").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector("summary").focus();
});

setInterval(drawClock, 20_000);
