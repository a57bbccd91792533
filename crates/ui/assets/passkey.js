"use strict";
// For the two pages with a passkey. data-passkey: asks the browser's authenticator what stands there, and sends what it answers.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential?.parseRequestOptionsFromJSON;
  form.nextElementSibling.hidden = !form.hidden;
}
document.addEventListener("submit", async (e) => {
  const form = e.target, asked = form.dataset.passkey && JSON.parse(form.dataset.passkey), P = window.PublicKeyCredential;
  if (!asked) return;
  e.preventDefault();
  try {
    const made = await (asked.user
      ? navigator.credentials.create({ publicKey: P.parseCreationOptionsFromJSON(asked) })
      : navigator.credentials.get({ publicKey: P.parseRequestOptionsFromJSON(asked) }));
    form.elements.answer.value = JSON.stringify(made.toJSON());
    form.submit();
  } catch { form.querySelector("[role=alert]").hidden = false; }
});
