// Makes the pages a little quicker to use. Every page works without it; it only reads data-tr-* attributes.
"use strict";

(() => {
  const PAUSE = 250; // ms without typing
  const SHORTEST = 6;
  const LONGEST = 200; // longer texts wait for the button

  document.documentElement.classList.add("tr-js");

  // data-tr-focus: the error summary. The answer needs no script: the form's address ends with its id.
  document.querySelector("[data-tr-focus]")?.focus({ preventScroll: false });

  // data-tr-copy="#id": copy that element's text.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-tr-copy]");
    if (!button) return;
    const text = document.querySelector(button.dataset.trCopy);
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      button.textContent = button.dataset.trDone;
      setTimeout(() => { button.textContent = before; }, 2000);
    } catch {
      getSelection().selectAllChildren(text); // no right to copy: select it, so that a person can
    }
  });

  // data-tr-findings="#input": what that input offers follows the kind that is chosen.
  document.addEventListener("change", (event) => {
    const kind = event.target.closest("[data-tr-findings]");
    const input = kind && document.querySelector(kind.dataset.trFindings);
    input?.setAttribute("list", `findings-${kind.value || "all"}`);
  });

  // data-tr-poll="2": a region is read again every 2 seconds, until the server gives it without the attribute.
  for (const region of document.querySelectorAll("[data-tr-poll]")) poll(region);

  function poll(region) {
    setTimeout(async () => {
      let next = region;
      try {
        const answer = await fetch(location.href, { headers: { "X-Fragment": region.id } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        next = (answer.ok && page.getElementById(region.id)) || region;
      } catch {
        // no answer: what is shown stays as it is, with its link
      }
      const focused = next !== region && region.contains(document.activeElement) && document.activeElement.id;
      if (next !== region) region.replaceWith(next);
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      if (next.dataset.trPoll) poll(next);
    }, 1000 * region.dataset.trPoll);
  }

  // data-tr-live="#region": the answer while typing. An answer to an older question is never left standing.
  for (const form of document.querySelectorAll("form[data-tr-live]")) live(form);

  function live(form) {
    const region = document.querySelector(form.dataset.trLive);
    const status = document.querySelector(`${form.dataset.trLive}-status`);
    const box = form.querySelector("textarea");
    const file = form.querySelector("input[type=file]");
    let timer = 0;
    let running = null;

    box.addEventListener("input", () => {
      clearTimeout(timer);
      running?.abort();
      const text = box.value.trim();
      if (file.files.length || text.length > LONGEST || text.includes("\n")) {
        say(region.childElementCount ? form.dataset.trStale : "");
        return;
      }
      if (text.length < SHORTEST) {
        say("");
        return;
      }
      region.classList.add("tr-waiting");
      timer = setTimeout(() => ask(text), PAUSE);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); running?.abort(); });

    async function ask(text) {
      const mine = new AbortController();
      running = mine;
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new URLSearchParams({ text }), // not in the address: addresses are kept in logs
          headers: { "X-Fragment": "answer" },
          signal: mine.signal,
        });
        show(await answer.text());
      } catch {
        if (!mine.signal.aborted) say(form.dataset.trFailed);
      }
    }

    function show(html) {
      region.innerHTML = html; // from our own server, which escapes every word
      region.classList.remove("tr-waiting");
      const headline = region.querySelector("[data-tr-headline]");
      status.textContent = headline ? headline.textContent : region.textContent.trim();
    }

    function say(text) {
      const note = document.createElement("p");
      note.className = "tr-note";
      note.textContent = text;
      region.replaceChildren(...(text ? [note] : []));
      region.classList.remove("tr-waiting");
      status.textContent = text;
    }
  }
})();
