// Journeys through the program in a real browser: with script and without, on a phone and at a desk; nothing for axe
// to find, nothing heavy on the wire. The README's picture is taken on the way, so it never ages.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { DESK, PHONE, browser, signedIn, village } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WEIGHT = 60_000;
let world, chrome;

before(async () => {
  world = await village();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  world?.close();
});

const enter = (account, options) => signedIn(chrome, world.url, account, options);

/** The addresses of one of each kind of page, found as a person finds them. */
async function everyPage(page) {
  const first = async (list) => { await page.goto(list); return page.locator("tbody th a").first().getAttribute("href"); };
  const finding = await first("/findings?set=risk");
  await page.goto(finding);
  const household = await page.locator(".head a").first().getAttribute("href");
  return [
    "/home", "/findings", "/findings?state=merge", finding, household, "/households", "/households?q=zdq", "/sources",
    await first("/sources"), "/rules", await first("/rules"), "/runs", await first("/runs"), "/pairs", await first("/pairs"),
    "/places", "/account", "/findings/none",
  ];
}

for (const [name, viewport] of [["phone", PHONE], ["desk", DESK]]) {
  for (const language of ["zh", "en"]) {
    test(`axe finds nothing on any page: ${name}, ${language}`, async () => {
      const page = await enter("township", { viewport, language, touch: name === "phone" });
      for (const path of await everyPage(page)) {
        await page.goto(path);
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
        assert.deepEqual(found, [], path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} px wider than the ${name}`);
      }
      await page.context().close();
    });
  }
}

test("every page weighs at most 60 kB with everything it loads", async () => {
  const page = await enter("township");
  const paths = await everyPage(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let weight = 0;
  session.on("Network.loadingFinished", (event) => { weight += event.encodedDataLength; });
  for (const path of paths) {
    weight = 0;
    await page.goto(path, { waitUntil: "networkidle" });
    assert.ok(weight > 0 && weight <= WEIGHT, `${path} weighs ${weight} bytes`);
  }
  await page.context().close();
});

for (const script of [true, false]) {
  test(`a finding is read, decided and taken back ${script ? "with" : "without"} script`, async () => {
    const page = await enter("township", { viewport: PHONE, script, touch: true });
    await page.goto("/findings?set=gap");
    await page.locator("tbody th a").first().click();
    await page.getByText("这不代表").waitFor();
    await page.getByText("不是问题，因为").click();
    await page.getByRole("button", { name: "已经在帮了" }).click();
    await page.locator("#triage .flash").getByText("判为不是问题：已经在帮了").waitFor();
    await page.getByRole("button", { name: "撤销" }).click();
    await page.getByRole("heading", { name: "您来定" }).waitFor();
    assert.equal(await page.locator("#triage .flash").count(), 0);
    await page.context().close();
  });

  test(`the list is filtered ${script ? "with" : "without"} script`, async () => {
    const page = await enter("township", { script });
    await page.goto("/findings");
    await page.locator("select[name=set]").selectOption("gap");
    if (!script) await page.getByRole("button", { name: "筛选", exact: true }).click();
    await page.waitForURL(/set=gap/);
    await page.locator(".chips .chip").waitFor();
    assert.deepEqual([...new Set(await page.locator("tbody td.full + td .badge").allTextContents())], ["可能漏享"]);
    await page.context().close();
  });

  test(`a hidden number is shown for a purpose ${script ? "with" : "without"} script`, async () => {
    const page = await enter("township", { script });
    await page.goto("/households?q=周德全");
    await page.locator("tbody th a").first().click();
    await page.getByRole("button", { name: "查看周德全的电话" }).click();
    await page.locator(".sheet:popover-open").getByRole("button", { name: "查看并记录" }).click();
    await page.getByText("13800001234").waitFor();
    await page.context().close();
  });
}

test("the language is remembered", async () => {
  const page = await enter("village", { language: "zh" });
  await page.goto("/findings");
  await page.getByRole("link", { name: "English" }).click();
  await page.getByRole("heading", { name: "Findings", exact: true }).waitFor();
  await page.goto("/home");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.context().close();
});

test("administrators of the machine see no family", async () => {
  const page = await enter("system");
  await page.goto("/home");
  assert.equal(await page.getByText("周德全").count(), 0);
  const answer = await page.goto("/findings");
  assert.equal(answer.status(), 403);
  await page.context().close();
});

test("the picture of the README is taken", async () => {
  const page = await enter("township", { viewport: { width: 1280, height: 860 } });
  await page.goto("/findings?set=risk");
  await page.locator("tbody th a").first().click();
  const folder = new URL("../docs/images/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: new URL("finding.png", folder).pathname });
  await page.goto("/findings");
  await page.screenshot({ path: new URL("findings.png", folder).pathname });
  await page.context().close();
});
