/* The slow line: what was sent and has not arrived is kept in this browser and sent again.

   Here are the kept records (localStorage, by user), the sending and the strip on every page of
   the office that tells of them; outbox_forms.js adds the forms themselves. A record holds the
   names and values of fields as they are sent, never the token and never a page. There is no
   service worker: pages carry names and must not lie in the store of a shared computer, so a page
   opens only with a line; what was typed on an open one is safe without. */
(() => {
  "use strict";

  const strip = document.getElementById("outbox");
  if (!strip) return;
  const user = strip.dataset.user;
  const TIMEOUT = Number(strip.dataset.timeout) * 1000;
  // Nobody holds a record longer than a sending may take: a closed tab leaves it to the next.
  const LEASE = TIMEOUT + 5000;
  const FIRST_PAUSE = 10000;
  const LONGEST_PAUSE = 5 * 60 * 1000;
  const FORGET_DRAFTS = 30 * 24 * 3600 * 1000;
  const AWAY = [408, 425, 429, 502, 503, 504];
  const plural = new Intl.PluralRules(document.documentElement.lang);

  // --- What is kept -------------------------------------------------------------------------
  const PREFIX = `outbox:${user}:`;
  const place = (kind, address) => `${PREFIX}${kind}:${address}`;
  // Written and taken away again: the other tabs hear of it.
  const DELETED = `${PREFIX}deleted`;

  // A sheet has one entry for its address; a form that adds a row names a slot for each of them.
  const slotOf = (record) => record.slot ?? record.address;

  const read = (name) => {
    try {
      return JSON.parse(window.localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const keep = (kind, record) => {
    try {
      window.localStorage.setItem(place(kind, slotOf(record)), JSON.stringify(record));
    } catch {
      return false;
    }
    show();
    return true;
  };
  const forget = (kind, slot) => {
    try {
      window.localStorage.removeItem(place(kind, slot));
    } catch { /* Nothing could be kept, so nothing is there. */ }
    show();
  };
  const all = (kind) => {
    try {
      return Object.keys(window.localStorage)
        .filter((name) => name.startsWith(`${PREFIX}${kind}:`))
        .map(read).filter((record) => record !== null).sort((a, b) => a.since - b.since);
    } catch {
      return [];
    }
  };
  const found = (kind, slot) => read(place(kind, slot));
  // Another tab, or a later press of the button, may have put a newer record into its place.
  const isStill = (entry) => found("entry", slotOf(entry))?.stamp === entry.stamp;
  const update = (entry, changes) => isStill(entry) && keep("entry", Object.assign(entry, changes));
  const remove = (entry) => { if (isStill(entry)) forget("entry", slotOf(entry)); };
  // A page on plain http in a local net has no crypto.randomUUID.
  const newKey = () => {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };

  // --- Sending ------------------------------------------------------------------------------
  const inFlight = new Set();
  let isBusy = false;
  let stranger = false;
  let timer = 0;

  // The tab outlives its pages: a sending of an earlier page of it is known to be cut off.
  const tab = (() => {
    try {
      if (!window.sessionStorage.getItem("outbox:tab")) window.sessionStorage.setItem("outbox:tab", newKey());
      return window.sessionStorage.getItem("outbox:tab");
    } catch {
      return newKey();
    }
  })();

  // False when a form of this page takes the matter into its own hands.
  const say = (what, entry) =>
    document.dispatchEvent(new CustomEvent(`outbox:${what}`, { cancelable: true, detail: entry }));

  const ask = (address, options) =>
    fetch(address, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT), ...options });

  // Who is signed in here now, and the token of the moment.
  const whoIs = async () => {
    const answer = await ask(strip.dataset.sender);
    if (!answer.ok) throw new Error("away");
    return answer.json();
  };

  // Null: refused for the token alone, perhaps.
  const judge = async (entry, response) => {
    if (AWAY.includes(response.status)) return { kind: "away" };
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (response.ok && isJson) return { kind: "done", ...(await response.json()) };
    const isRedirect = response.type === "opaqueredirect";
    if (!isRedirect && response.status !== 403) return { kind: "refused", status: response.status };
    const now = await whoIs();
    if (now.user !== user) return { kind: "stranger" };
    // A view without `@once` leads on by itself.
    return isRedirect ? { kind: "done", location: entry.page, messages: [] } : null;
  };

  const post = async (entry, way, token) => {
    const body = new URLSearchParams(entry.fields);
    body.set("csrfmiddlewaretoken", token);
    body.set("submission", entry.key);
    const headers = { "X-Outbox": way, "X-Outbox-User": user };
    const response = await ask(entry.address, { method: "POST", body, headers, redirect: "manual" });
    return judge(entry, response);
  };

  // What became of it: done, refused, away (no line), stranger (somebody else, or nobody, is in).
  const send = async (entry, way, token) => {
    if (!navigator.onLine) return { kind: "away" };
    const tries = (entry.tries || 0) + 1;
    inFlight.add(entry.stamp);
    update(entry, { state: "sending", tab, until: Date.now() + LEASE, tries });
    try {
      const answer = token ? await post(entry, way, token) : null;
      if (answer) return answer;
      const now = await whoIs();
      if (now.user !== user) return { kind: "stranger" };
      return (await post(entry, way, now.token)) || { kind: "refused", status: 403 };
    } catch {
      return { kind: "away" };
    } finally {
      inFlight.delete(entry.stamp);
    }
  };

  const wait = (entry) => {
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.max((entry.tries || 0) - 1, 0), LONGEST_PAUSE);
    update(entry, { state: "waiting", waited: true, until: 0, next: Date.now() + pause });
  };

  const settle = (entry, answer) => {
    stranger = answer.kind === "stranger";
    if (answer.kind === "done") {
      if (!isStill(entry)) return;
      if (say("sent", entry)) tell(entry, answer);
      remove(entry);
    } else if (answer.kind === "refused") {
      if (update(entry, { state: "refused", until: 0, status: answer.status })) say("refused", entry);
    } else {
      wait(entry);
      say(stranger ? "unsigned" : "waits", entry);
    }
  };

  // Whose page was reloaded or closed in the middle goes off again.
  const isUnderWay = (entry) =>
    entry.state === "sending" && entry.until > Date.now() && (entry.tab !== tab || inFlight.has(entry.stamp));

  const isDue = (entry, isAsked) => {
    if (entry.state === "sending") return !isUnderWay(entry);
    return entry.state === "waiting" && (isAsked || (entry.next || 0) <= Date.now());
  };

  // One tab at a time; where the browser has no locks the lease of a record does, and the server
  // does a record once in any case.
  const alone = (act) => (navigator.locks ? navigator.locks.request(`outbox:${user}`, act) : act());

  const sendOne = async (entry) => {
    const answer = await send(entry, say("sending", entry) ? "later" : "now", "");
    settle(entry, answer);
    return answer.kind === "done" || answer.kind === "refused";
  };

  const sendAll = async (isAsked) => {
    if (navigator.onLine && !isBusy) {
      isBusy = true;
      await alone(async () => {
        for (const entry of all("entry").filter((one) => isDue(one, isAsked))) {
          // Deleted while the one before it was under way.
          if (isStill(entry) && !(await sendOne(entry))) break;
        }
      });
      isBusy = false;
    }
    plan();
  };

  const plan = () => {
    window.clearTimeout(timer);
    const times = all("entry").filter((entry) => entry.state !== "refused")
      .map((entry) => (entry.state === "sending" ? entry.until : entry.next || 0));
    if (!times.length) return;
    const pause = Math.max(Math.min(...times) - Date.now(), 1000);
    timer = window.setTimeout(() => sendAll(false), pause);
  };

  // --- The strip ----------------------------------------------------------------------------
  const part = (name) => strip.querySelector(`[data-outbox-${name}]`);
  const words = document.getElementById("outbox-words").content;
  const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;
  const counted = (name, count) => word(`${name}-${plural.select(count)}`).replace("{}", count);

  const two = (figure) => String(figure).padStart(2, "0");
  const moment = (at) => {
    const then = new Date(at);
    const clock = `${two(then.getHours())}:${two(then.getMinutes())}`;
    if (then.toDateString() === new Date().toDateString()) return clock;
    return `${two(then.getDate())}.${two(then.getMonth() + 1)}, ${clock}`;
  };

  const rowOf = (kind, record) => {
    const row = words.querySelector("[data-row]").cloneNode(true);
    const link = row.querySelector("a");
    const state = kind === "draft" ? "draft" : record.state === "refused" ? "refused" : "waiting";
    link.href = record.page;
    link.textContent = record.label;
    const told = word(`state-${state}`).replace("{}", moment(record.since));
    row.querySelector("[data-slot=state]").textContent = told;
    row.dataset.state = state;
    const button = row.querySelector("button");
    button.addEventListener("click", () => {
      if (button.dataset.sure) {
        forget(kind, slotOf(record));
        say("dropped", record);
      } else {
        button.dataset.sure = "yes";
        button.textContent = word("sure");
      }
    });
    return row;
  };

  const show = () => {
    const here = [...document.querySelectorAll("form[data-outbox]")].map((form) => addressOf(form));
    // The first sending is the ordinary way of every form: nothing waits yet.
    const entries = all("entry").filter((entry) => entry.waited || !isUnderWay(entry));
    const drafts = all("draft").filter((draft) => !here.includes(draft.address));
    const refused = entries.filter((entry) => entry.state === "refused");
    const waiting = entries.length - refused.length;
    const oldest = entries.find((entry) => entry.state !== "refused");
    const said = [];
    if (waiting) said.push(`${counted("waiting", waiting)} · ${word("since").replace("{}", moment(oldest.since))}`);
    if (refused.length) said.push(counted("refused", refused.length));
    if (drafts.length) said.push(counted("drafts", drafts.length));
    if (waiting && stranger) said.push(word("stranger"));
    const text = said.join(". ");
    const line = part("words");
    if (line.textContent !== text) line.textContent = text;
    strip.dataset.state = refused.length ? "bad" : waiting ? "warn" : drafts.length ? "info" : "empty";
    part("send").hidden = !waiting || stranger;
    part("login").hidden = !waiting || !stranger;
    part("list").replaceChildren(...entries.map((one) => rowOf("entry", one)), ...drafts.map((one) => rowOf("draft", one)));
    part("more").hidden = !entries.length && !drafts.length;
  };

  // An entry of another page has arrived: said here, with what the server said of it.
  const tell = (entry, answer) => {
    const said = [`${word("sent")} ${entry.label}.`, ...(answer.messages || []).map((one) => one[1])];
    const line = document.createElement("p");
    line.textContent = said.join(" ");
    part("sent").append(line);
  };

  const addressOf = (form) => {
    const target = new URL(form.getAttribute("action") || window.location.href, window.location.href);
    return target.pathname + target.search;
  };

  part("send").addEventListener("click", () => sendAll(true));
  window.addEventListener("online", () => sendAll(true));
  window.addEventListener("storage", (event) => {
    if (event.key !== null && !event.key.startsWith(PREFIX)) return;
    if (event.key === DELETED && event.newValue) say("leaving", "elsewhere");
    show();
    plan();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendAll(false);
  });

  // Signing out with something unsent: it stays, or goes with a word.
  const deleteAll = () => {
    try {
      window.localStorage.setItem(DELETED, "yes");
      window.localStorage.removeItem(DELETED);
    } catch { /* Nothing could be kept, on no tab. */ }
    ["entry", "draft"].forEach((kind) => all(kind).forEach((one) => forget(kind, slotOf(one))));
  };
  const leaving = part("leaving");
  let exit = null;
  document.addEventListener("submit", (event) => {
    if (!event.target.hasAttribute("data-signs-out") || event.target.dataset.sure) return;
    if (!all("entry").length && !all("draft").length) return;
    event.preventDefault();
    exit = event.target;
    leaving.hidden = false;
    part("more").open = true;
    leaving.focus();
  }, true);
  leaving.addEventListener("click", (event) => {
    const act = event.target.dataset.leave;
    if (!act) return;
    leaving.hidden = true;
    if (act === "stay") return;
    // Told first: the form of this page writes its draft no more.
    say("leaving", act);
    if (act === "delete") deleteAll();
    exit.dataset.sure = "yes";
    exit.requestSubmit();
  });

  all("draft").filter((draft) => draft.since < Date.now() - FORGET_DRAFTS)
    .forEach((draft) => forget("draft", draft.address));
  window.portalOutbox = { addressOf, all, counted, found, forget, keep, moment, newKey, plan, remove, send, settle, word, words };
  document.addEventListener("DOMContentLoaded", () => {
    show();
    // The forms join first.
    window.setTimeout(() => sendAll(true), 0);
  });
})();
