/* Without this file everything works. With it, what is typed is shown at once, and words are found while one types. */
"use strict";

/** Shows of the words of a field those that have a text, and those that are chosen. */
function find(box) {
  const sought = box.value.trim().toLocaleLowerCase(document.documentElement.lang);
  for (const item of document.getElementById(box.dataset.find).querySelectorAll(".options li")) {
    const group = item.closest("details")?.querySelector("summary").textContent ?? "";
    const text = `${group} ${item.textContent} ${item.querySelector("input").value}`.toLocaleLowerCase();
    item.hidden = !text.includes(sought) && !item.querySelector("input").checked;
  }
  for (const group of document.getElementById(box.dataset.find).querySelectorAll("details")) {
    const found = group.querySelector("li:not([hidden])") !== null;
    group.hidden = !found;
    group.open = found && (sought !== "" || group.querySelector("input:checked") !== null);
  }
}

/** Asks for a page of ours, and gives a part of it. */
async function part(place, options, id) {
  const answer = await fetch(place, { credentials: "same-origin", redirect: "error", ...options });
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
}

/** Shows beside the form what it would come to, a moment after the last change. */
function live(form) {
  let waiting = 0;
  let asked = 0;
  const show = async () => {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "look");
    const fresh = await part(form.action, { method: "POST", body }, form.dataset.live).catch(() => null);
    if (fresh === null || mine !== asked) return;
    const here = document.getElementById(form.dataset.live);
    for (const kind of [".summary", "iframe"]) {
      const [old, now] = [here.querySelector(kind), fresh.querySelector(kind)];
      if (old !== null && now !== null && old.outerHTML !== now.outerHTML) old.replaceWith(document.importNode(now, true));
      else if ((old === null) !== (now === null)) return here.replaceChildren(...document.importNode(fresh, true).childNodes);
    }
    const link = [here, fresh].map((place) => place.querySelector("a[target]"));
    if (link[0] && link[1]) link[0].href = link[1].getAttribute("href");
  };
  form.addEventListener("input", (event) => {
    if (event.target.dataset.find !== undefined) return;
    clearTimeout(waiting);
    waiting = setTimeout(show, 500);
  });
}

/** Looks again, while the terminal is asking. */
function again(box) {
  const timer = setInterval(async () => {
    const main = await part(box.dataset.again, {}, "main").catch(() => null);
    if (main === null || main.querySelector("[data-again]")) return;
    clearInterval(timer);
    document.getElementById("main").replaceChildren(...document.importNode(main, true).childNodes);
    document.querySelector("#main [role=status]")?.focus();
  }, 1500);
}

for (const box of document.querySelectorAll("[data-find]")) {
  box.addEventListener("input", () => find(box));
  box.nextElementSibling.hidden = true; // the button is for those without this file
}
for (const form of document.querySelectorAll("form[data-live]")) live(form);
for (const box of document.querySelectorAll("[data-again]")) again(box);
