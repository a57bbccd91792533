// Journeys through the program in a real browser: with script and without, on a phone and at a desk; nothing for axe
// to find, nothing heavy on the wire. The README's picture is taken on the way, so it never ages.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
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
  const person = async (family) => { await page.goto(family); await page.locator("#records a").click(); return page.locator(".tasks a").first().getAttribute("href"); };
  return [
    "/home", "/findings", "/findings?state=merge", finding, household, "/households", "/households?q=zdq", "/sources",
    await first("/sources"), "/rules", await first("/rules"), "/runs", await first("/runs"), "/pairs", await first("/pairs"),
    "/places", "/account", "/findings/none", "/pairs/model", "/people/rulings", await person(household),
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

for (const [name, viewport, script] of [["desk, with script", DESK, true], ["phone, without", PHONE, false]]) {
  test(`a pair is judged by one key, people are merged and taken apart, and linkage learns: ${name}`, async () => {
    const page = await enter("county", { viewport, script, touch: !script });
    // Judged: with one key, or by the button; taken back, and said again.
    await page.goto("/pairs");
    await page.getByRole("link", { name: "周德全 和 周得全" }).first().click();
    const pair = new URL(page.url()).pathname;
    if (script) await page.keyboard.press("1"); else await page.getByRole("button", { name: /^同一个人/ }).click();
    await page.locator(".flash").getByText("李明判为同一个人").waitFor();
    if (script) await page.keyboard.press("u"); else await page.locator(".flash").getByRole("button", { name: /撤销/ }).click();
    await page.getByText("李明撤销了判断").first().waitFor();
    assert.equal(new URL(page.url()).pathname, pair);
    await page.getByRole("button", { name: /^同一个人/ }).click();
    await page.locator(".flash").getByText("李明判为同一个人").waitFor();

    // Merged: found from the family's file, compared, and every record that moved is listed.
    await page.goto("/households?q=沈家明");
    await page.locator("tbody th a").first().click();
    const family = page.url();
    await page.locator("#records a").click();
    await page.getByRole("link", { name: "沈家明" }).click();
    await page.getByRole("link", { name: "和另一个人是同一个人？" }).click();
    await page.getByRole("link", { name: "沈家鸣" }).click();
    await page.getByRole("heading", { name: "会移动的 1 条记录" }).waitFor();
    await page.getByLabel("凭什么这样认定").fill("身份证上是家明");
    await page.getByRole("button", { name: "合成一个人" }).click();
    await page.getByRole("heading", { name: "移过来的 1 条记录" }).waitFor();
    const ruling = page.url();
    await page.goto(family);
    assert.equal(await page.locator("main").getByText("沈家鸣").count(), 0);

    // Taken apart: the tax office's record is somebody else's after all.
    await page.locator("#records a").click();
    await page.getByRole("link", { name: "沈家明" }).click();
    await page.locator("label.choice").filter({ hasText: "沈家鸣" }).click();
    await page.getByLabel("凭什么这样认定").fill("是他堂弟");
    await page.getByRole("button", { name: "分成两个人" }).click();
    await page.getByRole("heading", { name: "分出去的 1 条记录" }).waitFor();
    for (const url of [page.url(), ruling]) {
      await page.goto(url);
      await page.getByLabel("凭什么这样认定").fill("从头再来");
      await page.getByRole("button", { name: "撤销这条认定" }).click();
      await page.getByText("这条认定已经撤销").waitFor();
    }
    await page.goto(family);
    await page.locator("main").getByText("沈家鸣").first().waitFor();

    // Learned from what was judged, seen before and after, and taken back.
    await page.goto("/pairs/training");
    await page.locator(".head").getByText("有 1 对判为同一个人").waitFor();
    await page.getByLabel("凭什么这样认定").first().fill("核对了一轮");
    await page.getByRole("button", { name: "从下一次运行起这样学" }).click();
    await page.locator(".note").getByText("（核对了一轮）").waitFor();
    await page.locator("#undo-reason").fill("先不学");
    await page.getByRole("button", { name: "退回上一版" }).click();
    await page.locator(".note").getByText("不用大家的判断").waitFor();
    await page.goto(pair);
    await page.locator(".flash").getByRole("button", { name: /撤销/ }).click();
    await page.getByText("李明撤销了判断").first().waitFor();
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

// What each role sees first, for docs/guides/tours.md: small enough that the guides stay light.
const TOURS = [
  ["village", PHONE, ["/home", "/cases", "first:/households"]],
  ["township", DESK, ["/findings", "first:/findings?set=risk", "/clues"]],
  ["county", DESK, ["/cases", "/indicators", "/openings"]],
  ["audit", DESK, ["/audit"]],
  ["system", DESK, ["/staff"]],
];

test("the pictures of the tours are taken", async () => {
  const folder = new URL("../docs/images/tours/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const language of ["zh", "en"]) {
    for (const [role, wide, paths] of TOURS) {
      const viewport = wide === PHONE ? { width: 360, height: 640 } : { width: 880, height: 520 };
      const page = await enter(role, { viewport, language, touch: wide === PHONE });
      for (const [number, path] of paths.entries()) {
        await page.goto(path.replace("first:", ""));
        if (path.startsWith("first:")) {
          await page.goto(await page.locator("tbody th a").first().getAttribute("href"));
        }
        const file = new URL(`${role}-${number + 1}-${language}.png`, folder).pathname;
        await page.screenshot({ path: file });
        assert.ok(statSync(file).size < 100_000, `${file} is ${statSync(file).size} bytes large`);
      }
      await page.context().close();
    }
  }
});
