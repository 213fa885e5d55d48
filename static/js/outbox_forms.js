/* The forms of the slow line: form[data-outbox="what it is"], with data-outbox-add where each save
   adds a row: then several entries of one address wait, and the form is empty for the next. What
   is typed is kept as a draft and laid over the page when it is opened again; Save sends by fetch,
   and what does not arrive waits in the outbox (outbox.js). A form that keeps its content in a
   hidden field dispatches "input" when it has changed it, and hears "outbox:restored" when another
   value was laid into it. What was typed and pressed before this file came: early.js. */
(() => {
  "use strict";

  const outbox = window.portalOutbox;
  const PAUSE = 300;
  const SLOW = 1500;
  const NOT_TYPED = ["csrfmiddlewaretoken", "submission"];

  // --- Fields by name -----------------------------------------------------------------------
  const controlsOf = (form) => {
    const found = new Map();
    [...form.elements].forEach((one) => {
      if (found.has(one.name)) found.get(one.name).push(one);
      else found.set(one.name, [one]);
    });
    return found;
  };
  // Passwords and files are not kept.
  const fieldsOf = (form, submitter) => {
    const secret = new Set([...form.elements].filter((one) => one.type === "password").map((one) => one.name));
    return [...new FormData(form, submitter)].filter(
      ([name, value]) => typeof value === "string" && !NOT_TYPED.includes(name) && !secret.has(name),
    );
  };
  const grouped = (fields) => {
    const values = {};
    fields.forEach(([name, value]) => { (values[name] ||= []).push(value); });
    return values;
  };
  const same = (one, other) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
  const difference = (now, before) => {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return Object.fromEntries(names.filter((name) => !same(now[name], before[name])).map((name) => [name, now[name] ?? []]));
  };
  const hiddenOf = (form) => {
    const known = controlsOf(form);
    return grouped(fieldsOf(form).filter(([name]) => known.get(name)?.every((one) => one.type === "hidden")));
  };

  // How many of the values have no field on this page any more.
  const lay = (form, values) => {
    const known = controlsOf(form);
    let gone = 0;
    Object.entries(values).forEach(([name, given]) => {
      const fields = known.get(name) ?? [];
      if (!fields.length && given.some((value) => value !== "")) gone += 1;
      fields.forEach((field, place) => {
        if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
        else if (field.multiple) [...field.options].forEach((option) => { option.selected = given.includes(option.value); });
        else if (place < given.length) field.value = given[place];
      });
    });
    return gone;
  };

  // Typed before this file came, and what the page's scripts made of it: by name, taken out so that
  // the page's own values stand there. Not what a browser fills in by itself, as on the way back.
  const takeEarly = (form) => {
    if (![...form.elements].some((one) => one.dataset.early)) return {};
    const own = form.cloneNode(true);
    HTMLFormElement.prototype.reset.call(own);
    const given = grouped(fieldsOf(own));
    const typed = difference(grouped(fieldsOf(form)), given);
    lay(form, difference(given, grouped(fieldsOf(form))));
    return typed;
  };

  // --- A form -------------------------------------------------------------------------------
  const join = (form) => {
    const address = outbox.addressOf(form);
    const label = form.dataset.outbox;
    const isAdd = form.hasAttribute("data-outbox-add");
    const page = isAdd ? address : window.location.pathname + window.location.search;
    const key = form.elements.submission;
    const asFound = grouped(fieldsOf(form));
    const early = takeEarly(form);
    let hidden = hiddenOf(form);
    let before = grouped(fieldsOf(form));
    // Typed on an earlier page, to which this one is the answer.
    let carried = {};
    // The waiting entry whose values `before` are.
    let over = null;
    // Of a form that adds: the refused entry that was laid into it.
    let mine = null;
    let noted = "";
    let timer = 0;
    let isOver = false;
    let isUnkept = false;

    const note = (kind, record, gone) => {
      form.parentNode.querySelectorAll(".outbox-note").forEach((one) => one.remove());
      noted = kind;
      if (!kind) return;
      const box = outbox.words.querySelector("[data-note]").cloneNode(true);
      const said = [outbox.word(`note-${kind}`).replace("{}", record ? outbox.moment(record.since) : "")];
      if (gone) said.push(outbox.counted("gone", gone));
      box.querySelector("[data-slot=words]").textContent = said.join(" ");
      const drop = box.querySelector("button");
      drop.hidden = ["unkept", "sending", "queued"].includes(kind);
      drop.addEventListener("click", () => {
        outbox.forget("draft", address);
        outbox.forget("entry", isAdd ? mine?.slot : address);
        reload();
      });
      form.before(box);
    };

    const reload = () => {
      isOver = true;
      window.location.replace(page);
    };

    const typed = () => ({ ...carried, ...difference(grouped(fieldsOf(form)), before) });

    const flush = () => {
      window.clearTimeout(timer);
      timer = 0;
      if (isOver) return;
      const changed = typed();
      if (!Object.keys(changed).length) {
        isUnkept = false;
        outbox.forget("draft", address);
        return;
      }
      const known = outbox.found("draft", address);
      const since = known?.since ?? Date.now();
      const isKeptNow = outbox.keep("draft", { address, page, label, since, key: key?.value, over, changed, hidden });
      if (!isKeptNow && !isUnkept) note("unkept");
      isUnkept = !isKeptNow;
    };

    // As without this file.
    const plainly = (submitter) => {
      isOver = true;
      if (submitter?.name) {
        const named = document.createElement("input");
        Object.assign(named, { type: "hidden", name: submitter.name, value: submitter.value });
        form.append(named);
      }
      HTMLFormElement.prototype.submit.call(form);
    };

    const native = (entry, submitter) => {
      // What was refused is said by the page itself; until then it is a draft of this page.
      if (key) key.value = entry.key;
      outbox.remove(entry);
      const changed = { ...entry.changed, ...typed() };
      outbox.keep("draft", { address, page, label, since: entry.since, key: entry.key, over: null, changed, hidden });
      plainly(submitter);
    };

    const release = () => {
      delete form.dataset.sending;
      form.removeAttribute("aria-busy");
    };

    // Ready for the next row, under a name of its own; what was typed on meanwhile stays.
    const empty = () => {
      const isTypedOn = Object.keys(typed()).length > 0;
      [...form.elements].filter((one) => !isTypedOn && !["hidden", "submit"].includes(one.type)).forEach((one) => {
        if (one.type === "checkbox" || one.type === "radio") one.checked = one.defaultChecked;
        else if (one.options) one.selectedIndex = one.multiple ? -1 : 0;
        else one.value = "";
      });
      form.querySelectorAll(".form-errors, .field-error").forEach((one) => one.remove());
      form.querySelectorAll(".is-invalid").forEach((one) => {
        one.classList.remove("is-invalid");
        one.removeAttribute("aria-invalid");
      });
      if (key) key.value = outbox.newKey();
      before = isTypedOn ? {} : grouped(fieldsOf(form));
      over = null;
      mine = null;
      if (isTypedOn) flush();
      else form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    };

    // The page is being left, and the entry perhaps deleted: nothing is written or opened any more.
    const isLeft = (entry, answer) => {
      if (isOver) outbox.settle(entry, answer);
      return isOver;
    };

    const waits = (entry, answer) => {
      if (isAdd) empty();
      outbox.settle(entry, answer);
      outbox.plan();
      release();
    };

    const save = async (submitter) => {
      flush();
      const fields = fieldsOf(form, submitter);
      const waiting = isAdd ? mine : outbox.found("entry", address);
      const isAgain = waiting && same(waiting.fields, fields);
      const token = form.elements.csrfmiddlewaretoken?.value ?? "";
      if (waiting?.tries && waiting.state !== "refused" && !isAgain) {
        // It may have arrived, and only its answer was lost: then this is a change of what it saved.
        const answer = await outbox.send(waiting, "now", token);
        if (isLeft(waiting, answer)) return;
        if (answer.kind === "done") {
          flush();
          outbox.remove(waiting);
          reload();
          return;
        }
      }
      const name = isAgain ? waiting.key : waiting ? outbox.newKey() : key?.value || outbox.newKey();
      const entry = {
        address, slot: isAdd ? waiting?.slot ?? `${address}#${name}` : address, page, label, fields, hidden,
        since: isAgain ? waiting.since : Date.now(), stamp: outbox.newKey(), key: name,
        changed: { ...waiting?.changed, ...typed() }, state: "sending", waited: Boolean(waiting), tries: isAgain ? waiting.tries : 0, until: 0,
      };
      if (!outbox.keep("entry", entry)) {
        plainly(submitter);
        return;
      }
      outbox.forget("draft", address);
      before = grouped(fieldsOf(form));
      carried = {};
      over = entry.key;
      const slow = window.setTimeout(() => note("sending"), SLOW);
      const answer = await outbox.send(entry, "now", token);
      window.clearTimeout(slow);
      if (isLeft(entry, answer)) return;
      if (answer.kind === "done") {
        // What was typed while it was under way is a draft over it.
        flush();
        isOver = true;
        outbox.remove(entry);
        window.location.assign(answer.location);
      } else if (answer.kind === "refused") native(entry, submitter);
      else waits(entry, answer);
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.dataset.sending || isOver) return;
      form.dataset.sending = "yes";
      form.setAttribute("aria-busy", "true");
      save(event.submitter);
    });

    const others = (slot) =>
      outbox.all("entry").filter((one) => one.address === address && one.slot !== slot && one.state !== "refused");

    // One at a time: the next is laid when this one is saved or dropped.
    const refusedOf = (draft) =>
      outbox.all("entry").find((one) => one.address === address && one.state === "refused" && (!draft || one.key === draft.over)) ?? null;

    const restore = () => {
      const draft = outbox.found("draft", address);
      const entry = isAdd ? refusedOf(draft) : outbox.found("entry", address);
      if (draft && key && draft.key === key.value) {
        // This page is the answer to it: everything typed stands in its fields already.
        carried = draft.changed;
        return false;
      }
      let gone = 0;
      if (entry) {
        lay(form, entry.hidden);
        gone += lay(form, entry.changed);
        hidden = { ...hidden, ...entry.hidden };
        before = grouped(fieldsOf(form));
        over = entry.key;
        if (isAdd) mine = entry;
        if (entry.state === "refused") note("refused", entry, gone);
        else note("waiting", entry, gone);
      }
      if (draft) {
        // Typed after something that has arrived since: the page shows that by now.
        const isRebased = draft.over !== null && draft.over !== entry?.key;
        if (draft.over === null) {
          // The version it was typed on: the server compares by it what others saved meanwhile.
          lay(form, draft.hidden);
          hidden = { ...hidden, ...draft.hidden };
          before = { ...before, ...draft.hidden };
        }
        const shown = grouped(fieldsOf(form));
        gone += lay(form, draft.changed);
        if (!gone && !Object.keys(difference(grouped(fieldsOf(form)), shown)).length) outbox.forget("draft", address);
        else note(isRebased ? "rebased" : "restored", draft, gone);
      }
      return Boolean(entry || draft);
    };

    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(flush, PAUSE);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", () => { if (timer) flush(); });
    window.addEventListener("beforeunload", (event) => { if (isUnkept && !isOver) event.preventDefault(); });

    // The entry of this very page goes off from the queue: its answer is this page's.
    const hear = (what, act) =>
      document.addEventListener(`outbox:${what}`, (event) => { if (event.detail.address === address) act(event); });
    const renew = () => {
      flush();
      reload();
    };
    hear("sending", (event) => event.preventDefault());
    hear("sent", (event) => {
      event.preventDefault();
      // Several go one after the other: the page is asked for when the last has gone.
      if (!isAdd || !others(event.detail.slot).length) renew();
    });
    hear("refused", (event) => {
      if (!isAdd) note("refused", event.detail);
      else if (!others(event.detail.slot).length) renew();
    });
    hear("waits", (event) => note(isAdd ? "queued" : "waiting", event.detail));
    hear("unsigned", () => note(""));
    hear("dropped", (event) => { if (!isAdd || event.detail.slot === mine?.slot) reload(); });
    // No longer true, whatever becomes of it now.
    window.addEventListener("online", () => { if (noted === "waiting" || noted === "queued") note(""); });
    document.addEventListener("outbox:leaving", (event) => {
      if (event.detail === "delete") isOver = true;
      else if (event.detail === "elsewhere") reload();
    });
    // Sent or dropped by another tab.
    window.addEventListener("storage", (event) => {
      const isOurs = isAdd ? event.key?.includes(`:entry:${address}#`) : event.key?.endsWith(`:entry:${address}`);
      if (!isOurs || event.newValue !== null || form.dataset.sending || isOver) return;
      if (!isAdd || !others(null).length) renew();
    });

    const isRestored = restore();
    lay(form, early);
    if (isRestored) form.dispatchEvent(new CustomEvent("outbox:restored", { bubbles: true }));
    if (Object.keys(early).length) later();
    form.dataset.ready = "yes";
    const isAsSeen = !noted || !Object.keys(difference(grouped(fieldsOf(form)), asFound)).length;
    form.dispatchEvent(new CustomEvent("outbox:ready", { bubbles: true, detail: { isAsSeen } }));
  };

  // After the page's own scripts have put its fields in order.
  document.addEventListener("DOMContentLoaded", () => {
    if (outbox) document.querySelectorAll("form[data-outbox]").forEach(join);
  });
})();
