// Passkeys: asks the browser for one, and sends with its form what the browser answers.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const known = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

// A key that opens by itself: kept on the device, behind its finger, its face or its code.
const PASSKEY = { residentKey: "required", requireResidentKey: true, userVerification: "required" };

function make({ publicKey }) {
  return navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
    authenticatorSelection: { ...publicKey.authenticatorSelection, ...PASSKEY },
  } });
}

function show({ publicKey }) {
  return navigator.credentials.get({ publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    allowCredentials: known(publicKey.allowCredentials),
  } });
}

// {id, rawId, type, response: {…}}, each buffer as base64url: what the server reads.
function plain(key) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = names.filter((name) => key.response[name]);
  return {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: Object.fromEntries(given.map((name) => [name, text(key.response[name])])),
    clientExtensionResults: key.getClientExtensionResults(),
  };
}

// What the page holds; on the page where one signs in, what the server answers.
async function options(address) {
  const held = document.getElementById("cle");
  const data = held
    ? JSON.parse(held.textContent)
    : await (await fetch(address, { headers: { Accept: "application/json" } })).json();
  return data.creation_options || data.request_options;
}

async function send(button) {
  const { form } = button;
  const ask = button.dataset.cle === "ajouter" ? make : show;
  const key = await ask(await options(button.formAction));
  form.elements.credential.value = JSON.stringify(plain(key));
  form.action = button.formAction;
  form.submit();
}

for (const button of window.PublicKeyCredential ? document.querySelectorAll("[data-cle]") : []) {
  button.hidden = false;
  for (const told of document.querySelectorAll("[data-sans-cle]")) told.hidden = true;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const refused = document.querySelector("[data-cle-refus]");
    refused.hidden = true;
    send(button).catch(() => { refused.hidden = false; });
  });
}
