/* A reading terminal: the page closes itself when nobody touches it, and digits may be typed on
   the screen. The server counts by itself; this file only tells it that somebody is there. */
(() => {
  "use strict";

  // Coming back by the Back button shows nothing that was kept.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  const head = document.querySelector(".terminal-head");
  const SIGNS = ["pointerdown", "pointermove", "keydown", "input", "wheel", "scroll"];
  const NOTICE = 20 * 1000;

  const watch = () => {
    const idle = Number(head.dataset.idle) * 1000;
    const every = Number(head.dataset.sign) * 1000;
    const notice = document.querySelector("[data-idle-notice]");
    const form = document.querySelector("[data-leave]");
    let seen = Date.now();
    let told = seen;
    let isOver = false;

    const close = () => {
      isOver = true;
      const idleMark = document.createElement("input");
      idleMark.type = "hidden";
      idleMark.name = "idle";
      idleMark.value = "1";
      form.append(idleMark);
      form.submit();
    };

    const tell = async (now) => {
      told = now;
      const body = new FormData(form);
      try {
        const answer = await fetch(head.dataset.here, { method: "POST", body, redirect: "manual" });
        if (answer.status !== 204 && !isOver) close();
      } catch {
        // No line: the page closes by its own clock.
      }
    };

    SIGNS.forEach((name) => {
      window.addEventListener(name, () => { seen = Date.now(); }, { passive: true, capture: true });
    });

    window.setInterval(() => {
      if (isOver) return;
      const now = Date.now();
      if (now - seen >= idle) close();
      else if (seen > told && now - told >= every) tell(now);
      notice.hidden = now - seen < idle - NOTICE;
    }, 1000);
  };

  // What somebody began to type on the first page and left there goes away.
  const freshen = () => {
    let seen = Date.now();
    SIGNS.forEach((name) => {
      window.addEventListener(name, () => { seen = Date.now(); }, { passive: true, capture: true });
    });
    window.setInterval(() => {
      const isTyped = [...document.querySelectorAll("[data-pad]")].some((field) => field.value);
      if (isTyped && Date.now() - seen >= Number(head.dataset.fresh) * 1000) window.location.replace(window.location.pathname);
    }, 1000);
  };

  if (head?.dataset.idle) watch();
  else if (head?.dataset.fresh) freshen();

  // --- Digits on the screen, into the field that was touched last ---
  const keys = document.querySelector("[data-keys]");
  const fields = [...document.querySelectorAll("[data-pad]")];
  if (!keys || !fields.length) return;
  keys.hidden = false;
  let field = fields.find((one) => !one.value) ?? fields[0];
  field.focus();
  fields.forEach((one) => one.addEventListener("focus", () => { field = one; }));

  keys.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) return;
    const most = field.maxLength > 0 ? field.maxLength : 20;
    if ("erase" in key.dataset) field.value = field.value.slice(0, -1);
    else if (field.value.length < most) field.value += key.dataset.digit;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
