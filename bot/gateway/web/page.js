// The plain chat page. Everything shown is put in as text, never as HTML.
"use strict";

const languages = JSON.parse(document.getElementById("languages").textContent);
const log = document.getElementById("log");
const form = document.getElementById("form");
const input = document.getElementById("text");
const picker = document.getElementById("language");
const send = document.getElementById("send");
const forget = document.getElementById("forget");
const status = document.getElementById("status");

let conversation = null;
let shown = firstLanguage(); // the language of the page's own words

function firstLanguage() {
  for (const wanted of navigator.languages || []) {
    const found = Object.keys(languages).find((code) => code.split("-")[0] === wanted.split("-")[0]);
    if (found) return found;
  }
  return "ru" in languages ? "ru" : Object.keys(languages)[0];
}

function say(key) {
  return languages[shown].phrases[key];
}

function showWords() {
  document.documentElement.lang = shown;
  document.title = say("title");
  document.getElementById("intro").textContent = say("intro");
  document.getElementById("language-label").textContent = say("language");
  document.getElementById("text-label").textContent = say("input");
  input.placeholder = say("input");
  send.textContent = say("send");
  forget.textContent = say("forget");
  picker.options[0].textContent = say("automatic");
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function showUser(text) {
  const bubble = element("article", "user");
  bubble.append(element("span", "hidden", say("you") + ": "), element("p", "", text));
  bubble.dir = "auto";
  log.append(bubble);
  bubble.scrollIntoView({ block: "end" });
}

function showMessage(message, language, direction) {
  const bubble = element("article", "safar " + message.kind);
  bubble.lang = language;
  bubble.dir = direction;
  for (const paragraph of message.text.split("\n\n")) bubble.append(element("p", "", paragraph));
  if (message.citations.length) bubble.append(sources(message));
  if (message.contacts.length) bubble.append(contacts(message.contacts));
  if (message.quick_replies.length) bubble.append(buttons(message.quick_replies));
  log.append(bubble);
  return bubble;
}

function sources(message) {
  const section = element("section", "sources");
  section.append(element("h2", "", say("sources")));
  const list = element("ol");
  for (const citation of message.citations) {
    const item = element("li");
    item.value = citation.n;
    const link = element("a", "", citation.title);
    link.href = citation.url;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    const published = citation.published ? ", " + citation.published : "";
    const basis = " · " + say("basis_" + citation.basis.replaceAll("-", "_"));
    item.append(link, element("span", "by", " — " + citation.publisher + published + basis));
    if (citation.quote) {
      const quote = element("blockquote", "", citation.quote);
      quote.lang = citation.quote_language;
      quote.dir = "auto";
      item.append(element("span", "by", " " + say("original_words")), quote);
    }
    list.append(item);
  }
  section.append(list);
  if (message.as_of) section.append(element("p", "by", say("as_of").replace("{date}", message.as_of)));
  return section;
}

function contacts(list) {
  const section = element("section", "contacts");
  section.append(element("h2", "", say("contacts")));
  for (const contact of list) {
    const item = element("p");
    item.append(element("strong", "", contact.name));
    for (const phone of (contact.phone || "").split(";").filter(Boolean)) {
      const link = element("a", "phone", phone.trim());
      link.href = "tel:" + phone.replace(/[^+\d]/g, "");
      item.append(element("br"), link);
    }
    const rest = [contact.hours, contact.url].filter(Boolean).join(" · ");
    if (rest) item.append(element("br"), element("span", "by", rest));
    item.append(element("br"), element("span", "by", say("as_of").replace("{date}", contact.confirmed)));
    section.append(item);
  }
  return section;
}

function buttons(replies) {
  const row = element("div", "buttons");
  for (const reply of replies) {
    const button = element("button", "", reply.title);
    button.type = "button";
    button.addEventListener("click", () => take(reply.payload, reply.title));
    row.append(button);
  }
  return row;
}

function busy(on) {
  send.disabled = on;
  for (const button of log.querySelectorAll(".buttons button")) button.disabled = on;
  status.textContent = on ? say("waiting") : "";
}

async function take(text, label) {
  if (send.disabled) return;
  showUser(label);
  busy(true);
  try {
    const response = await fetch("/api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, conversation, language: picker.value || null, citizenship: null }),
    });
    const reply = await response.json();
    busy(false);
    if (response.ok) showReply(reply);
    else refuse(text, label, reply);
  } catch {
    busy(false);
    fail(text, label, say("failed"));
  }
}

function showReply(reply) {
  conversation = reply.conversation;
  forget.hidden = false;
  shown = reply.language;
  showWords();
  const bubbles = reply.messages.map((message) => showMessage(message, reply.language, reply.direction));
  bubbles[0].scrollIntoView({ block: "start", behavior: "auto" });
  input.focus({ preventScroll: true });
}

function refuse(text, label, problem) {
  // A conversation that is no longer known begins anew; the question need not be typed again.
  if ((problem.type || "").endsWith(":conversation-unknown")) conversation = null;
  fail(text, label, problem.detail || say("action_failed"));
}

function fail(text, label, reason) {
  status.textContent = reason;
  if (text === label && !input.value) input.value = text;
  input.focus();
}

for (const [code, language] of [["", { name: "" }], ...Object.entries(languages)]) {
  const option = element("option", "", language.name);
  option.value = code;
  picker.append(option);
}
picker.addEventListener("change", () => {
  if (picker.value) shown = picker.value;
  showWords();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text || send.disabled) return;
  input.value = "";
  take(text, text);
});
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
forget.addEventListener("click", async () => {
  try {
    const response = await fetch("/api/chat/" + encodeURIComponent(conversation), { method: "DELETE" });
    const reply = await response.json();
    if (!response.ok) throw new Error();
    conversation = null;
    log.replaceChildren();
    forget.hidden = true;
    status.textContent = reply.text;
  } catch {
    status.textContent = say("action_failed");
  }
});
showWords();
