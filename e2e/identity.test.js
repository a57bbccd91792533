// Signing in by a real OpenID provider and by a passkey of a real browser, at the real program with the real clock.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import Provider from "oidc-provider";
import { DESK, PHONE, binary, browser, freePort } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let folder, url, issuer, served, provider, chrome, firsts, system, secrets = {};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "fuzhi-e2e-"));
  const [port, other] = [await freePort(), await freePort()];
  [url, issuer] = [`http://localhost:${port}`, `http://localhost:${other}`];
  provider = signOn().listen(other);
  const fuzhi = binary("fuzhi", ["--package", "fuzhi"]), store = `sqlite:${join(folder, "fuzhi.db")}`, config = join(folder, "fuzhi.toml");
  writeFileSync(join(folder, "secret"), "not-so-secret\n");
  writeFileSync(config, `public_address = "${url}"\n[identity]\nname = "县统一认证"\nissuer = "${issuer}"\nclient_id = "fuzhi"\n` +
    `client_secret_file = "secret"\nsecond_factor_amr = ["otp"]\n`);
  const opened = execFileSync(fuzhi, ["begin", "--store", store, "--county", "539901"], { encoding: "utf8" });
  firsts = Object.fromEntries(opened.trim().split("\n").map((line) => line.split(/\s+/)));
  // Exit code and all: the provider answers, so nothing is wrong.
  const report = JSON.parse(await run(fuzhi, ["doctor", "--store", store, "--config", config, "--json"]));
  assert.equal(report.lines.find((line) => line.topic === "identity").state, "fine");
  served = spawn(fuzhi, ["serve", "--store", store, "--config", config, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "inherit"] });
  for (let tries = 0; tries < 150 && !(await fetch(`${url}/health`).then((answer) => answer.ok, () => false)); tries++)
    await new Promise((resolve) => setTimeout(resolve, 200));
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  served?.kill();
  provider?.close();
  provider?.closeAllConnections();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The county's sign-on: knows everybody by whatever they type. */
function signOn() {
  const client = { client_id: "fuzhi", client_secret: "not-so-secret", redirect_uris: [`${url}/signin/provider/return`], post_logout_redirect_uris: [`${url}/signin`] };
  return new Provider(issuer, { clients: [client], pkce: { required: () => true }, cookies: { keys: ["e2e"] } });
}

/** Without blocking: the provider it may ask runs in this process. */
const run = (program, told) => new Promise((resolve) => {
  const child = spawn(program, told, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (part) => { text += part; });
  child.on("close", () => resolve(text));
});

/** The six digits of an app: RFC 6238. */
function code(secret, steps = 0) {
  const bits = [...secret.replaceAll(" ", "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", key).update(step).digest(), at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const PASSWORD = "jiuyuan-2026";

async function visitor(options = {}) {
  const context = await chrome.newContext({ baseURL: url, ...options });
  await context.addCookies([{ name: "language", value: "zh", url }]);
  return context.newPage();
}

async function typePassword(page, account, password) {
  await page.goto("/signin?then=/account");
  await page.locator("#acc").fill(account);
  await page.locator("#pw").fill(password);
  await page.locator("#pw").press("Enter");
}

/** Sets up the app that the page shows. */
async function enrol(page, account) {
  secrets[account] = await page.locator("[data-secret]").textContent();
  await page.locator("#code").fill(code(secrets[account]));
  await page.locator("#code").press("Enter");
  await page.getByRole("link", { name: "记好了" }).or(page.locator("a.btn.primary")).first().click();
}

/** An administrator's first day: a password of their own, and an app. */
async function firstDay(page, account) {
  await typePassword(page, account, firsts[account]);
  await page.locator("#pw").fill(PASSWORD);
  await page.locator("#again").fill(PASSWORD);
  await page.locator("#again").press("Enter");
  await enrol(page, account);
  await page.waitForURL("**/account");
}

/** Says at the provider who one is, and agrees that Fuzhi may know. */
async function comeBy(page, login) {
  await page.goto("/signin?then=/account");
  await page.getByRole("link", { name: "用县统一认证登录" }).click();
  await page.waitForURL(`${issuer}/**`);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("whatever");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
  await page.waitForURL(`${url}/**`);
}

test("whom an administrator has linked comes in by the provider, with a second factor, and leaves both", async () => {
  const admin = await visitor();
  await firstDay(admin, "system");
  const person = await visitor();
  await comeBy(person, "anna-42");
  await person.getByText("anna-42").waitFor();
  assert.ok(await person.getByRole("alert").isVisible(), "nobody is let in whom nobody has linked");

  await admin.goto("/staff");
  await admin.locator("tr", { hasText: "security" }).getByRole("link").first().click();
  await admin.locator("#subject").fill("anna-42");
  await admin.locator("#subject").press("Enter");
  await admin.getByText("anna-42").waitFor();
  system = { state: await admin.context().storageState(), person: admin.url() };

  await person.context().clearCookies();
  await person.context().addCookies([{ name: "language", value: "zh", url }]);
  await comeBy(person, "anna-42");
  await enrol(person, "security");
  await person.waitForURL("**/account");
  await person.getByRole("button", { name: /退出/ }).click();
  await person.getByText("这里已经退出").waitFor();
  await person.getByRole("link", { name: "在县统一认证那边也退出" }).click();
  await person.waitForURL(`${issuer}/**`);
  await person.locator("button[type=submit]").first().click();
  await person.waitForURL(`${url}/signin**`);
});

for (const script of [true, false]) {
  test(`a passkey ${script ? "is made, named, used and ended" : "leaves the app's code to those without script"}`, async () => {
    const account = "audit";
    const page = await visitor({ javaScriptEnabled: script });
    if (!script) {
      await typePassword(page, account, PASSWORD);
      await page.locator("#code").fill(code(secrets[account], 1));
      await page.locator("#code").press("Enter");
      await page.waitForURL("**/account");
      assert.ok(await page.getByText("通行密钥要用 JavaScript").isVisible());
      assert.equal(await page.getByRole("button", { name: "添加通行密钥" }).count(), 0);
      return;
    }
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
    await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
    await firstDay(page, account);
    await page.getByPlaceholder("给它起个名字").fill("办公室电脑");
    await page.getByRole("button", { name: "添加通行密钥" }).click();
    await page.getByRole("rowheader", { name: "通行密钥 办公室电脑" }).waitFor();

    await page.getByRole("button", { name: /退出/ }).click();
    await typePassword(page, account, PASSWORD);
    await page.getByRole("button", { name: "用通行密钥" }).click();
    await page.waitForURL("**/account");

    const row = page.locator("tr", { hasText: "办公室电脑" });
    await row.locator("input[type=password]").fill(PASSWORD);
    await row.getByRole("button", { name: "结束" }).click();
    await page.getByText("办公室电脑").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /退出/ }).click();
    await typePassword(page, account, PASSWORD);
    await page.locator("#code").waitFor();
    assert.equal(await page.getByRole("button", { name: "用通行密钥" }).count(), 0);
  });
}

for (const [name, viewport] of [["phone", PHONE], ["desk", DESK]]) {
  for (const language of ["zh", "en"]) {
    test(`axe finds nothing on the administrator's pages: ${name}, ${language}`, async () => {
      const context = await chrome.newContext({ baseURL: url, viewport, bypassCSP: true, storageState: system.state });
      await context.addCookies([{ name: "language", value: language, url }]);
      const page = await context.newPage();
      await page.goto("/webhooks");
      if (await page.locator("tbody a").count() === 0) {
        await page.locator("#name").fill("县医院");
        await page.locator("#url").fill("https://hospital.example.cn/hook");
        await page.getByRole("checkbox").nth(2).check();
        await page.getByRole("checkbox").nth(4).check();
        await page.locator("form[action='/webhooks'] button").click();
        await page.getByText("whsec_").waitFor();
        await page.locator("main a.btn.primary").click();
        await page.locator("form[action$='/trial'] button").click();
        await page.goto("/webhooks");
      }
      const receiver = await page.locator("tbody a").first().getAttribute("href");
      const pages = { webhooks: "/webhooks", webhook: receiver, retention: "/retention", counted: "/retention?count=yes", account: "/account", person: system.person };
      for (const [shown, path] of Object.entries(pages)) {
        await page.goto(path);
        if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${shown}-${language}-${name}.png`), fullPage: true });
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
        assert.deepEqual(found, [], path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} px wider than the ${name}`);
      }
      await context.close();
    });
  }
}
