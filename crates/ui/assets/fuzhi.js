// Saves round trips, and nothing else: without it every form and link below does the same by itself.
// data-into="SELECTOR"  send with fetch, put that part of the answer in place of ours
// data-live             send when a field changes; typing waits a moment
// data-push             the address follows
"use strict";
const busy = new Set();

async function send(el, url, init, otherwise) {
  if (busy.has(el)) return;
  const into = el.dataset.into, here = document.querySelector(into);
  busy.add(el);
  here?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { ...init, headers: { "X-Into": into } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector(into);
    if (!part || !here || answer.status >= 500) return otherwise();
    here.replaceWith(part);
    if (el.hasAttribute("data-push")) history.replaceState(null, "", answer.url);
    const wrong = part.querySelector("[aria-invalid=true]"), head = part.querySelector("h2, caption, [role=status]");
    const typing = document.activeElement?.form === el;
    if (wrong) wrong.focus();
    else if (head && !typing) { head.tabIndex = -1; head.focus({ preventScroll: true }); }
  } catch { otherwise(); }
  finally { busy.delete(el); here?.removeAttribute("aria-busy"); }
}

function sendForm(form, by) {
  const data = new FormData(form, by), url = new URL(form.getAttribute("action") || "", location);
  const plain = () => { form.dataset.into = ""; form.requestSubmit(by || undefined); };
  if (form.method === "post") return send(form, url, { method: "post", body: new URLSearchParams(data) }, plain);
  for (const [k, v] of [...data]) if (!v) data.delete(k);
  url.search = new URLSearchParams(data);
  return send(form, url, {}, () => { location = url; });
}

document.addEventListener("submit", (e) => {
  if (e.target.dataset.into) { e.preventDefault(); sendForm(e.target, e.submitter); }
});
document.addEventListener("click", (e) => {
  const a = e.target.closest("a[data-into]");
  if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  send(a, a.href, {}, () => { location = a.href; });
});
let wait;
document.addEventListener("input", (e) => {
  const form = e.target.form;
  if (!form?.hasAttribute("data-live")) return;
  clearTimeout(wait);
  wait = setTimeout(() => sendForm(form), /search|text/.test(e.target.type) ? 250 : 0);
});
// One key presses the button that shows it.
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.target.closest("input, select")) return;
  document.querySelector(`[accesskey="${e.key}"]`)?.click();
});
